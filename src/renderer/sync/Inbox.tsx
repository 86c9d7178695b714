import { IconChecks } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { ConflictView, DeadLetterView, ProposalView } from '../../shared/sync.ts';
import { useCall } from '../client.ts';
import { useKeys } from '../ui/keys.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { MomentText } from '../ui/values.tsx';
import { ConflictDetail } from './ConflictDetail.tsx';
import { DeadLetterDetail } from './DeadLetterDetail.tsx';
import { ProposalDetail } from './ProposalDetail.tsx';
import { proposalWords } from './words.ts';

type Item =
  | { kind: 'proposal'; key: string; of: ProposalView }
  | { kind: 'conflict'; key: string; of: ConflictView }
  | { kind: 'refused'; key: string; of: DeadLetterView };
interface Section {
  title: string;
  items: Item[];
}

/** What needs a person, and beside it the one in hand. Nothing in it is ever decided silently. */
export function Inbox() {
  const proposals = useCall('sync.proposals', {});
  const conflicts = useCall('sync.conflicts', {});
  const refused = useCall('sync.deadLetters', {});
  // taken out of sight until the time for Undo is over
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  return (
    <Loaded answer={proposals} text="Looking for proposals">
      {(lists) => (
        <Loaded answer={conflicts} text="Looking for conflicts">
          {(clashes) => (
            <Loaded answer={refused} text="Looking for refused changes">
              {(letters) => {
                const proposal = (of: ProposalView): Item => ({ kind: 'proposal', key: of.key, of });
                const sections: Section[] = [
                  { title: 'Needs you', items: lists.toDecide.map(proposal) },
                  { title: 'Two values', items: clashes.map((of) => ({ kind: 'conflict', key: of.conflictId, of })) },
                  { title: 'Refused', items: letters.map((of) => ({ kind: 'refused', key: of.mutationId, of })) },
                  { title: 'Yours, waiting for others', items: lists.mine.map(proposal) },
                  { title: 'Decided', items: lists.decided.map(proposal) },
                ];
                const shown = sections
                  .map(({ title, items }) => ({ title, items: items.filter(({ key }) => !hidden.has(key)) }))
                  .filter(({ items }) => items.length > 0);
                return (
                  <InboxList
                    sections={shown}
                    onHide={(key, isHidden) => {
                      setHidden((before) => new Set(isHidden ? [...before, key] : [...before].filter((other) => other !== key)));
                    }}
                  />
                );
              }}
            </Loaded>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function InboxList({ sections, onHide }: { sections: Section[]; onHide: (key: string, isHidden: boolean) => void }) {
  const items = sections.flatMap((section) => section.items);
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    items.findIndex(({ key }) => key === chosen),
  );
  const current = items[at];
  const move = (by: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    if (next) setChosen(next.key);
  };
  useKeys({
    j: () => {
      move(1);
    },
    k: () => {
      move(-1);
    },
  });
  useEffect(() => {
    const item = list.current?.querySelector<HTMLElement>('[aria-current="true"]');
    item?.scrollIntoView({ block: 'nearest' });
    // who walks the list by keyboard takes the focus along; nobody else loses hers
    if (list.current?.contains(document.activeElement)) item?.focus({ preventScroll: true });
  }, [at]);
  const step = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    move(event.key === 'ArrowDown' ? 1 : -1);
  };
  if (!current)
    return (
      <Empty icon={<IconChecks size={36} stroke={1.2} />} title="Nothing needs you">
        <p>Two values for one field, changes the firm refused, and work that came too late would be listed here until somebody decides.</p>
      </Empty>
    );
  const hide = (isHidden: boolean) => {
    onHide(current.key, isHidden);
  };
  return (
    <div className="inbox">
      <div className="inbox-list scroll" ref={list} role="region" aria-label="Inbox" onKeyDown={step}>
        {sections.map(({ title, items: of }) => (
          <section key={title} aria-label={title}>
            <h2>
              {title} <span className="quiet">{of.length}</span>
            </h2>
            <ul>
              {of.map((item) => (
                <li key={item.key}>
                  <button
                    type="button"
                    className="inbox-item"
                    aria-current={item.key === current.key}
                    // one stop for Tab: what is in hand is the next, however long the list
                    tabIndex={item.key === current.key ? 0 : -1}
                    onClick={() => {
                      setChosen(item.key);
                    }}
                  >
                    <Line item={item} />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <article className="inbox-detail scroll" aria-label="In hand" tabIndex={0} key={current.key}>
        {current.kind === 'proposal' && <ProposalDetail proposal={current.of} onHide={hide} />}
        {current.kind === 'conflict' && <ConflictDetail conflict={current.of} />}
        {current.kind === 'refused' && <DeadLetterDetail letter={current.of} onHide={hide} />}
      </article>
    </div>
  );
}

function Line({ item }: { item: Item }) {
  const [title, words] =
    item.kind === 'proposal'
      ? [item.of.title, proposalWords(item.of)]
      : item.kind === 'conflict'
        ? [item.of.where ?? item.of.what, `${item.of.what}: ${item.of.field}`]
        : [item.of.where ?? item.of.what, `${item.of.what}: refused`];
  return (
    <>
      <span className="inbox-title cut">{title}</span>
      <span className="quiet">
        <MomentText at={item.of.at} />
      </span>
      <span className="quiet cut inbox-words">{words}</span>
    </>
  );
}
