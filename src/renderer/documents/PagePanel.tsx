import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { closePage, type ShownPage } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { PageViewer } from './PageViewer.tsx';
import './documents.css';

/** The page a value came from, beside the facts or the letter. */
export function PagePanel({ shown }: { shown: ShownPage }) {
  useKeys({ Escape: closePage });
  return (
    <aside className="page-panel" aria-label="Source page">
      <PageViewer
        key={shown.documentId}
        shown={shown}
        name={shown.highlight?.documentName ?? ''}
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
