import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import type { DocumentRow } from '../../shared/documents.ts';
import { mayWrite } from '../../shared/session.ts';
import { useCall } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Waiting } from '../ui/states.tsx';
import { AddLink } from './AddLink.tsx';
import { KindChoice } from './KindChoice.tsx';
import { LinkItem } from './LinkItem.tsx';
import './links.css';

/** What the document in front is, and what it belongs to. */
export function AboutDocument({ document, all }: { document: DocumentRow; all: readonly DocumentRow[] }) {
  const links = useCall('links.of', { documentId: document.documentId });
  const app = useCall('setup.state', {});
  const mayDecide = mayWrite(app.data?.session?.account.role ?? 'Viewer');
  // in a low window the list needs the room
  const [isOpen, setIsOpen] = useState(() => window.matchMedia('(min-height: 600px)').matches);
  const [isAdding, setIsAdding] = useState(false);
  const shown = links.data?.filter(({ state }) => state !== 'rejected') ?? [];
  const rejected = links.data?.filter(({ state }) => state === 'rejected') ?? [];
  const proposed = shown.filter(({ state }) => state === 'proposed').length;
  return (
    <section className="about" aria-label={`About ${document.fileName}`}>
      <button type="button" className="about-head" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {isOpen ? <IconChevronDown size={14} /> : <IconChevronUp size={14} />}
        <span className="cut">{document.fileName}</span>
        {proposed > 0 && <span className="tag tag-ask">{proposed} to decide</span>}
      </button>
      {isOpen && (
        <div className="about-body scroll">
          <KindChoice document={document} mayDecide={mayDecide} />
          <div className="row wrap">
            <h3>Linked documents</h3>
            {mayDecide && !isAdding && all.length > 1 && (
              <Button
                className="push"
                variant="subtle"
                leftSection={<IconLink size={14} />}
                onClick={() => {
                  setIsAdding(true);
                }}
              >
                Link a document
              </Button>
            )}
          </div>
          {isAdding && (
            <AddLink
              document={document}
              others={all.filter(
                ({ documentId }) => documentId !== document.documentId && !shown.some(({ other }) => other.documentId === documentId),
              )}
              onDone={() => {
                setIsAdding(false);
              }}
            />
          )}
          {links.error && <ErrorNotice error={links.error.error} />}
          {!links.data && !links.error && <Waiting text="Looking up what it belongs to" lines={1} />}
          {links.data && shown.length === 0 && !isAdding && (
            <p className="quiet">None. Steno proposes the record behind a bill, the answer to a demand, the mail a file came with.</p>
          )}
          {shown.length > 0 && (
            <ul className="about-links">
              {shown.map((link) => (
                <LinkItem key={link.linkId} link={link} mayDecide={mayDecide} />
              ))}
            </ul>
          )}
          {rejected.length > 0 && (
            <details className="about-rejected">
              <summary>{rejected.length} turned down</summary>
              <ul className="about-links">
                {rejected.map((link) => (
                  <LinkItem key={link.linkId} link={link} mayDecide={mayDecide} />
                ))}
              </ul>
            </details>
          )}
        </div>
      )}
    </section>
  );
}
