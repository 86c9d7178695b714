import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { closePage, notePage, type ShownPage } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { PageViewer } from './PageViewer.tsx';
import './documents.css';

/** The page a value came from, beside the facts or the letter. */
export function PagePanel({ shown }: { shown: ShownPage }) {
  const [isUsed, setIsUsed] = useState(false);
  useKeys({ Escape: closePage });
  return (
    <aside
      className="page-panel"
      aria-label="Source page"
      onFocus={() => {
        setIsUsed(true);
      }}
      onBlur={(event) => {
        setIsUsed(event.currentTarget.contains(event.relatedTarget));
      }}
    >
      <PageViewer
        key={shown.documentId}
        shown={shown}
        name={shown.highlight?.documentName}
        // beside the letter and the facts most keys are theirs
        keys={isUsed ? 'all' : 'turning'}
        onRead={(page) => {
          notePage('page', shown.documentId, page);
        }}
        close={
          <Tooltip label="Close (Esc)">
            <ActionIcon aria-label="Close the source page" onClick={closePage}>
              <IconX size={16} />
            </ActionIcon>
          </Tooltip>
        }
      />
    </aside>
  );
}
