import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconColumns2, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { DocumentRow } from '../../shared/documents.ts';
import { closeBeside, notePage, showBeside, type Pane, type ShownPage } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { PageViewer } from './PageViewer.tsx';
import { byKind, kindWords, stateText } from './words.ts';

interface ViewersProps {
  documents: readonly DocumentRow[];
  shown: ShownPage;
  beside: ShownPage | null;
}

/** The document in front, and a second one next to it where somebody compares. Each has its own page and zoom; keys go to the one used last. */
export function Viewers({ documents, shown, beside }: ViewersProps) {
  const [used, setUsed] = useState<Pane>('page');
  const [isChoosing, setIsChoosing] = useState(false);
  const rowOf = (page: ShownPage) => documents.find(({ documentId }) => documentId === page.documentId);
  const second = beside && rowOf(beside) ? beside : null;
  useKeys({
    b: () => {
      setIsChoosing(true);
    },
  });
  const viewer = (pane: Pane, page: ShownPage) => {
    const row = rowOf(page);
    return (
      <PageViewer
        key={`${pane} ${page.documentId}`}
        shown={page}
        name={row?.fileName}
        state={row && stateText(row)}
        keys={second === null || used === pane ? 'all' : 'none'}
        isMarked={second !== null && used === pane}
        onUse={() => {
          setUsed(pane);
        }}
        onRead={(number) => {
          notePage(pane, page.documentId, number);
        }}
        beside={
          pane === 'page' && (
            <BesideMenu
              documents={documents}
              isOpen={isChoosing}
              onOpen={setIsChoosing}
              onChoose={(documentId) => {
                showBeside(documentId);
                setUsed('beside');
              }}
            />
          )
        }
        close={
          pane === 'beside' && (
            <Tooltip label="Close this document">
              <ActionIcon
                aria-label="Close the document beside"
                onClick={() => {
                  closeBeside();
                  setUsed('page');
                }}
              >
                <IconX size={16} />
              </ActionIcon>
            </Tooltip>
          )
        }
      />
    );
  };
  return (
    <div className="viewers">
      <div className="viewers-row">
        {viewer('page', shown)}
        {second && viewer('beside', second)}
      </div>
    </div>
  );
}

interface BesideMenuProps {
  documents: readonly DocumentRow[];
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  onChoose: (documentId: DocumentRow['documentId']) => void;
}

function BesideMenu({ documents, isOpen, onOpen, onChoose }: BesideMenuProps) {
  return (
    <Menu opened={isOpen} onChange={onOpen} position="bottom-end" width={300}>
      <Menu.Target>
        <Tooltip label="Open another document beside (b)">
          <ActionIcon aria-label="Open another document beside">
            <IconColumns2 size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown className="beside-menu">
        {byKind(documents).map(({ kind, documents: rows }) => (
          <div key={kind}>
            <Menu.Label>{kindWords[kind]}</Menu.Label>
            {rows.map(({ documentId, fileName }) => (
              <Menu.Item key={documentId} title={fileName} onClick={() => onChoose(documentId)}>
                <span className="beside-name cut">{fileName}</span>
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
