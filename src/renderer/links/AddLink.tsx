import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { DocumentRow } from '../../shared/documents.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { kindWord } from './kind-words.ts';
import { likelyRelation, relations, type Relation } from './words.ts';

interface AddLinkProps {
  document: DocumentRow;
  others: readonly DocumentRow[];
  onDone: () => void;
}

const mostShown = 6;
const relationKey = ({ kind, isFrom }: Relation): string => `${kind} ${String(isFrom)}`;

/** Chooses a document of the matter and how it belongs to the one in front. */
export function AddLink({ document, others, onDone }: AddLinkProps) {
  const add = useCommand('links.add');
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<DocumentRow | null>(null);
  const [relation, setRelation] = useState<Relation | null>(null);
  const wanted = filter.trim().toLocaleLowerCase();
  const found = others.filter(({ relativePath }) => relativePath.toLocaleLowerCase().includes(wanted));
  const link = () => {
    if (!chosen || !relation) return;
    const [from, to] = relation.isFrom ? [document, chosen] : [chosen, document];
    void add.run({ fromDocumentId: from.documentId, toDocumentId: to.documentId, kind: relation.kind }).then(({ ok }) => {
      if (ok) onDone();
    });
  };
  return (
    <form
      className="about-add"
      aria-label="Link a document"
      onSubmit={(event) => {
        event.preventDefault();
        link();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onDone();
      }}
    >
      {chosen && relation ? (
        <>
          <label className="about-relation">
            <span className="sr-only">How it belongs</span>
            <select
              className="about-select"
              autoFocus
              value={relationKey(relation)}
              onChange={(event) => {
                setRelation(relations.find((one) => relationKey(one) === event.currentTarget.value) ?? relation);
              }}
            >
              {relations.map((one) => (
                <option key={relationKey(one)} value={relationKey(one)}>
                  {one.words}
                </option>
              ))}
            </select>
          </label>
          <strong className="cut">{chosen.fileName}</strong>
        </>
      ) : (
        <>
          <TextInput
            aria-label="Find the document to link"
            placeholder="Which document?"
            leftSection={<IconSearch size={14} />}
            data-autofocus
            autoFocus
            value={filter}
            onChange={(event) => {
              setFilter(event.currentTarget.value);
            }}
          />
          <ul className="about-found">
            {found.slice(0, mostShown).map((one) => (
              <li key={one.documentId}>
                <button
                  type="button"
                  title={one.relativePath}
                  onClick={() => {
                    setChosen(one);
                    setRelation(likelyRelation(document.kind, one.kind));
                  }}
                >
                  <span className="cut">{one.fileName}</span> <span className="quiet nowrap">{kindWord(one.kind)}</span>
                </button>
              </li>
            ))}
          </ul>
          {found.length === 0 && <p className="quiet">No other document has that name.</p>}
          {found.length > mostShown && <p className="quiet">{found.length - mostShown} more: type part of the name.</p>}
        </>
      )}
      {add.error && <ErrorNotice error={add.error} />}
      <div className="row">
        {chosen && (
          <Button type="submit" loading={add.busy}>
            Link
          </Button>
        )}
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
