import { IconFile } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useCall } from '../client.ts';
import type { ShownPage } from '../route.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { Pages } from './Pages.tsx';
import type { HeldKeys } from './use-viewer-keys.ts';
import './documents.css';

interface PageViewerProps {
  shown: ShownPage;
  /** As far as it is known where it is opened from. */
  name?: string | undefined;
  close?: ReactNode;
  /** Opens another document next to this one, where there is room for it. */
  beside?: ReactNode;
  /** Why there may be no pages. */
  state?: string | undefined;
  keys: HeldKeys;
  /** Of two side by side, the one that keys go to. */
  isMarked?: boolean;
  onUse?: () => void;
  /** Reading has come to this page. */
  onRead: (page: number) => void;
}

/** A document to read, search, turn and quote from. */
export function PageViewer({ shown, name: knownName, close, beside, state, keys, isMarked = false, onUse, onRead }: PageViewerProps) {
  const outline = useCall('documents.outline', { documentId: shown.documentId });
  const name = outline.data?.fileName ?? knownName ?? '';
  const isEmpty = outline.data?.pages.length === 0;
  return (
    <section
      className="viewer"
      aria-label={`Pages of ${name}`}
      data-marked={isMarked || undefined}
      onPointerDownCapture={onUse}
      onFocusCapture={onUse}
    >
      {(!outline.data || isEmpty) && (
        <header className="viewer-bar">
          <strong className="cut" title={name}>
            {name}
          </strong>
          <span className="row push">{close}</span>
        </header>
      )}
      <Loaded answer={outline} text="Opening the document">
        {(known) =>
          known.pages.length === 0 ? (
            <Empty icon={<IconFile size={36} stroke={1.2} />} title="No pages to show">
              <p>{state ?? 'Nothing has been read from this file yet.'}</p>
            </Empty>
          ) : (
            <Pages outline={known} shown={shown} name={name} close={close} beside={beside} keys={keys} onRead={onRead} />
          )
        }
      </Loaded>
    </section>
  );
}
