import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconFiles, IconRefresh, IconPlayerStop, IconRotate, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { DocumentRow } from '../../shared/documents.ts';
import type { MatterRow } from '../../shared/matters.ts';
import { useCall, useCommand } from '../client.ts';
import { PinControl } from '../files/PinControl.tsx';
import { AboutDocument } from '../links/AboutDocument.tsx';
import { QuestionsButton, QuestionsPanel } from '../questions/QuestionsPanel.tsx';
import { showBeside, showPage, useRoute } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { count, sizeText } from '../ui/values.tsx';
import { Viewers } from './Viewers.tsx';
import { byKind, kindWords, stateText, stateTones } from './words.ts';
import './documents.css';

/** What lies in the case folder, and the page in front beside it. `isOnItsWay`: not all of the matter is here yet. */
export function EvidenceTab({ matter, isOnItsWay }: { matter: MatterRow; isOnItsWay: boolean }) {
  const documents = useCall('documents.list', { matterId: matter.matterId });
  const rescan = useCommand('documents.rescan');
  const { page, beside } = useRoute();
  const [filter, setFilter] = useState('');
  const rescanFolder = () => {
    void rescan.run({ matterId: matter.matterId });
  };

  return (
    <div className="evidence">
      <Loaded answer={documents} text="Reading the list of documents">
        {(all) =>
          all.length === 0 && isOnItsWay ? (
            <Empty icon={<IconFiles size={36} stroke={1.2} />} title="No documents here yet">
              <p>They come with the rest of this matter.</p>
            </Empty>
          ) : all.length === 0 ? (
            <Empty icon={<IconFiles size={36} stroke={1.2} />} title="Nothing in the case folder yet">
              <p>
                Put the records, bills and reports into{matter.folderPath === null ? ' the case folder' : ''}. They appear here as soon as
                they have settled.
              </p>
              {matter.folderPath !== null && (
                <p>
                  <code>{matter.folderPath}</code>
                </p>
              )}
              <Button variant="default" loading={rescan.busy} onClick={rescanFolder}>
                Look again
              </Button>
            </Empty>
          ) : (
            <>
              <section className="documents" aria-label="Documents">
                <div className="row documents-bar">
                  <TextInput
                    aria-label="Filter documents"
                    placeholder="Filter documents"
                    leftSection={<IconSearch size={14} />}
                    style={{ flex: 1 }}
                    value={filter}
                    onChange={(event) => {
                      setFilter(event.currentTarget.value);
                    }}
                  />
                  <Tooltip label="Look through the case folder again">
                    <ActionIcon aria-label="Look through the case folder again" loading={rescan.busy} onClick={rescanFolder}>
                      <IconRefresh size={16} />
                    </ActionIcon>
                  </Tooltip>
                </div>
                {rescan.error && <ErrorNotice error={rescan.error} />}
                <PinControl matterId={matter.matterId} />
                {page && <QuestionsButton matterId={matter.matterId} />}
                <DocumentList
                  documents={all.filter((document) =>
                    document.relativePath.toLocaleLowerCase().includes(filter.trim().toLocaleLowerCase()),
                  )}
                  selected={page?.documentId ?? null}
                />
                {all
                  .filter(({ documentId }) => documentId === page?.documentId)
                  .map((document) => (
                    <AboutDocument key={document.documentId} document={document} all={all} />
                  ))}
              </section>
              {page && all.some((document) => document.documentId === page.documentId) ? (
                <Viewers documents={all} shown={page} beside={beside} />
              ) : (
                <QuestionsPanel matterId={matter.matterId} />
              )}
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function DocumentList({ documents, selected }: { documents: DocumentRow[]; selected: string | null }) {
  const groups = byKind(documents);
  const inOrder = groups.flatMap((group) => group.documents);
  const move = (by: number) => {
    const next = inOrder[Math.max(0, Math.min(inOrder.length - 1, inOrder.findIndex((document) => document.documentId === selected) + by))];
    if (!next) return;
    showPage(next.documentId, 1);
    document.getElementById(`document-${next.documentId}`)?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({
    j: () => {
      move(1);
    },
    k: () => {
      move(-1);
    },
  });
  if (documents.length === 0)
    return (
      <p className="quiet" style={{ padding: 16 }}>
        No document has that name.
      </p>
    );
  return (
    <div className="scroll" style={{ flex: 1 }}>
      {groups.map(({ kind, documents: rows }) => (
        <section key={kind} aria-label={kindWords[kind]}>
          <h2 className="kind">
            {kindWords[kind]} <span className="quiet">{rows.length}</span>
          </h2>
          <ul className="document-list">
            {rows.map((document) => (
              <DocumentItem key={document.documentId} document={document} isSelected={document.documentId === selected} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function DocumentItem({ document, isSelected }: { document: DocumentRow; isSelected: boolean }) {
  const retry = useCommand('documents.retry');
  const stop = useCommand('documents.stopOcr');
  const error = retry.error ?? stop.error;
  const state = stateText(document);
  const isPlain = document.state === 'read' && document.reason === null && !document.missing && document.contentHere;
  const tone = document.state === 'read' && document.reason !== null ? 'tag-ask' : stateTones[document.state];
  return (
    <li id={`document-${document.documentId}`} className="document" data-selected={isSelected || undefined}>
      <button
        type="button"
        className="document-open"
        aria-current={isSelected || undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey) showBeside(document.documentId);
          else showPage(document.documentId, 1);
        }}
      >
        <span className="document-name cut" title={document.relativePath}>
          {document.fileName}
        </span>
        <span className="quiet nowrap number">
          {document.pageCount === null ? sizeText(document.sizeBytes) : count(document.pageCount, 'page')}
        </span>
        {!isPlain && (
          <span className={`tag document-state ${tone}`} title={state}>
            <span className="document-reason">{state}</span>
          </span>
        )}
      </button>
      {document.state === 'failed' && (
        <Tooltip label="Try again">
          <ActionIcon
            aria-label={`Try ${document.fileName} again`}
            loading={retry.busy}
            onClick={() => {
              void retry.run({ documentId: document.documentId });
            }}
          >
            <IconRotate size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      {document.state === 'waiting_for_ocr' && (
        <Tooltip label="Stop recognizing its text">
          <ActionIcon
            aria-label={`Stop recognizing the text of ${document.fileName}`}
            loading={stop.busy}
            onClick={() => {
              void stop.run({ documentId: document.documentId });
            }}
          >
            <IconPlayerStop size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      {error && <ErrorNotice error={error} />}
    </li>
  );
}
