import { ActionIcon, Menu, Popover, Tooltip } from '@mantine/core';
import {
  IconArrowAutofitHeight,
  IconArrowAutofitWidth,
  IconChevronLeft,
  IconChevronRight,
  IconKeyboard,
  IconQuote,
  IconRotateClockwise,
  IconSearch,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { keyWords } from './use-viewer-keys.ts';
import { zoomSteps, type Zoom } from './zoom.ts';

interface ViewerBarProps {
  name: string;
  page: number;
  pageCount: number;
  /** How many times its size on paper the page in front is shown. */
  scale: number;
  zoom: Zoom;
  hasText: boolean;
  canTurn: boolean;
  isTurned: boolean;
  canQuote: boolean;
  areKeysListed: boolean;
  onPage: (page: number) => void;
  onZoom: (zoom: Zoom) => void;
  onStep: (by: 1 | -1) => void;
  onFitPage: () => void;
  /** null: all pages. */
  onTurn: (page: number | null) => void;
  onTurnBack: () => void;
  onFind: () => void;
  onQuote: () => void;
  onListKeys: (areListed: boolean) => void;
  beside: ReactNode;
  close: ReactNode;
}

export function ViewerBar(props: ViewerBarProps) {
  const { name, page, pageCount, scale, hasText, canTurn, canQuote, onPage, onStep, onFind, onQuote, beside, close } = props;
  return (
    <header className="viewer-bar">
      <strong className="cut" title={name}>
        {name}
      </strong>
      {!hasText && (
        <Tooltip label="This page is a picture that has not been read yet: its words cannot be found or copied.">
          <span className="tag tag-ask">No text yet</span>
        </Tooltip>
      )}
      <span className="viewer-tools push" role="toolbar" aria-label="Pages">
        <BarButton label="Previous page" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          <IconChevronLeft size={16} />
        </BarButton>
        <PageBox key={page} page={page} pageCount={pageCount} onPage={onPage} />
        <BarButton label="Next page" disabled={page >= pageCount} onClick={() => onPage(page + 1)}>
          <IconChevronRight size={16} />
        </BarButton>
        <i className="viewer-divider" />
        <BarButton label="Smaller (-)" disabled={scale <= zoomSteps[0]} onClick={() => onStep(-1)}>
          <IconZoomOut size={16} />
        </BarButton>
        <ZoomMenu {...props} />
        <BarButton label="Larger (+)" disabled={scale >= (zoomSteps.at(-1) ?? 0)} onClick={() => onStep(1)}>
          <IconZoomIn size={16} />
        </BarButton>
        <i className="viewer-divider" />
        {canTurn && <TurnMenu {...props} />}
        <BarButton label="Find in this document (Ctrl F)" onClick={onFind}>
          <IconSearch size={16} />
        </BarButton>
        <BarButton label="Copy what is marked, with its citation (c)" disabled={!canQuote} onClick={onQuote}>
          <IconQuote size={16} />
        </BarButton>
        {beside}
        <KeyList {...props} />
        {close}
      </span>
    </header>
  );
}

interface BarButtonProps {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function BarButton({ label, disabled = false, onClick, children }: BarButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** The number of the page in front, to be written over. */
function PageBox({ page, pageCount, onPage }: { page: number; pageCount: number; onPage: (page: number) => void }) {
  const [typed, setTyped] = useState(String(page));
  const go = () => {
    const wanted = Number.parseInt(typed, 10);
    if (Number.isNaN(wanted)) setTyped(String(page));
    else if (wanted !== page) onPage(Math.max(1, Math.min(pageCount, wanted)));
    else setTyped(String(page));
  };
  return (
    <span className="page-box nowrap">
      <span className="sr-only" role="status">{`Page ${String(page)} of ${String(pageCount)}`}</span>
      <input
        aria-label="Page number"
        inputMode="numeric"
        style={{ width: `${String(Math.max(2, String(pageCount).length) + 2)}ch` }}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value.replace(/\D/g, '').slice(0, 6));
        }}
        onFocus={(event) => {
          event.currentTarget.select();
        }}
        onBlur={go}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go();
          if (event.key === 'Escape') setTyped(String(page));
        }}
      />
      <span aria-hidden className="quiet">
        of {pageCount}
      </span>
    </span>
  );
}

function ZoomMenu({ scale, zoom, onZoom, onFitPage }: ViewerBarProps) {
  return (
    <Menu position="bottom">
      <Menu.Target>
        <button type="button" className="zoom-value number" aria-label={`Zoom, now ${String(Math.round(scale * 100))}%`}>
          {Math.round(scale * 100)}%
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowAutofitWidth size={15} />}
          rightSection={<kbd>w</kbd>}
          aria-current={zoom === 'width'}
          onClick={() => onZoom('width')}
        >
          Fit the width
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowAutofitHeight size={15} />}
          rightSection={<kbd>p</kbd>}
          aria-current={zoom === 'page'}
          onClick={onFitPage}
        >
          Fit the page
        </Menu.Item>
        <Menu.Divider />
        {zoomSteps
          .filter((step) => step >= 0.5 && step <= 3)
          .map((step) => (
            <Menu.Item key={step} aria-current={zoom === step} onClick={() => onZoom(step)}>
              {Math.round(step * 100)}%
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function TurnMenu({ page, pageCount, isTurned, onTurn, onTurnBack }: ViewerBarProps) {
  return (
    <Menu position="bottom">
      <Menu.Target>
        <Tooltip label="Turn pages">
          <ActionIcon aria-label="Turn pages">
            <IconRotateClockwise size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item rightSection={<kbd>r</kbd>} onClick={() => onTurn(page)}>
          Turn this page
        </Menu.Item>
        {pageCount > 1 && (
          <Menu.Item rightSection={<kbd>R</kbd>} onClick={() => onTurn(null)}>
            Turn all pages
          </Menu.Item>
        )}
        <Menu.Item disabled={!isTurned} onClick={onTurnBack}>
          As they came
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function KeyList({ areKeysListed, onListKeys }: ViewerBarProps) {
  return (
    <Popover opened={areKeysListed} onChange={onListKeys} position="bottom-end" shadow="md" width={360}>
      <Popover.Target>
        <Tooltip label="Keys (?)">
          <ActionIcon className="viewer-minor" aria-label="Keys" aria-expanded={areKeysListed} onClick={() => onListKeys(!areKeysListed)}>
            <IconKeyboard size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Keys of a document">
        <dl className="key-list">
          {keyWords.map(({ keys, does }) => (
            <div key={does}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}
