import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconCloudDownload, IconFolderPlus, IconFolders, IconSearch, IconX } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import type { MatterRow } from '../../shared/matters.ts';
import type { AppState } from '../../shared/setup.ts';
import { mayWrite } from '../../shared/session.ts';
import type { SyncStatus } from '../../shared/sync.ts';
import { useCall } from '../client.ts';
import { Mentions } from '../collaboration/Mentions.tsx';
import { showMatter } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { count, DayText, MoneyText, MomentText } from '../ui/values.tsx';
import { AskedFolders } from './AskedFolders.tsx';
import { CasesPanel } from './CasesPanel.tsx';
import { ChooseFolder, type ChooseFolderProps } from './ChooseFolder.tsx';
import { chooseMatters, letterStatusWords, matterColumns, type MatterSort } from './rows.ts';
import { CopyBar } from '../sync/CopyBar.tsx';
import { arrivingWords, partialWords } from '../sync/words.ts';
import { useWindowedRows } from '../ui/windowed-rows.ts';
import './matters.css';

export function MattersScreen({ app }: { app: AppState }) {
  const matters = useCall('matters.list', {});
  const status = useCall('sync.status', {});
  const partial = status.data ? partialWords(status.data) : null;
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<MatterSort>({ by: 'changed', descending: true });
  const search = useRef<HTMLInputElement>(null);
  const [isCasesOpen, setCasesOpen] = useState(false);
  // here, because what is around it changes when the firm's first matters come
  const [typed, onType] = useState<string | null>(null);
  const role = app.session?.account.role;
  const mayAdd = !role || mayWrite(role);
  const casesPanel = isCasesOpen && mayAdd && (
    <CasesPanel
      onClose={() => {
        setCasesOpen(false);
      }}
    />
  );
  const openCases = () => {
    setCasesOpen(!isCasesOpen);
  };
  const deferredFilter = useDeferredValue(filter);
  useKeys({ '/': () => search.current?.focus() });

  // a list that is asked for while the first rows are being taken in is late: what is going on is known before it
  if (status.data?.isPartial === true && matters.error === null && (matters.data?.length ?? 0) === 0)
    return <Arriving app={app} status={status.data} typed={typed} onType={onType} />;
  return (
    <Loaded answer={matters} text="Opening your matters">
      {(rows) =>
        rows.length === 0 ? (
          <>
            {casesPanel}
            <AskedFolders />
            <Empty icon={<IconFolderPlus size={36} stroke={1.2} />} title="Choose a case folder">
              <p>
                Point Steno at the folder where a case’s records, bills and reports lie. It reads every file there, and every file you drop
                in later.
              </p>
              <ChooseFolder app={app} typed={typed} onType={onType} />
              {mayAdd && !isCasesOpen && (
                <Button variant="subtle" size="compact-sm" onClick={openCases}>
                  Or choose the folder in which all your cases lie
                </Button>
              )}
            </Empty>
          </>
        ) : (
          <>
            <header className="bar">
              <h1>Matters</h1>
              <TextInput
                ref={search}
                aria-label="Filter matters"
                placeholder="Filter by client, defendant, status   /"
                w={280}
                value={filter}
                leftSection={<IconSearch size={14} />}
                rightSection={
                  filter === '' ? null : (
                    <ActionIcon
                      size={20}
                      aria-label="Clear the filter"
                      onClick={() => {
                        setFilter('');
                      }}
                    >
                      <IconX size={13} />
                    </ActionIcon>
                  )
                }
                onChange={(event) => {
                  setFilter(event.currentTarget.value);
                }}
              />
              <span className="push row">
                {mayAdd && (
                  <Tooltip label="Cases folders">
                    <ActionIcon aria-label="Cases folders" aria-expanded={isCasesOpen} onClick={openCases}>
                      <IconFolders size={18} />
                    </ActionIcon>
                  </Tooltip>
                )}
                <ChooseFolder app={app} compact typed={typed} onType={onType} />
              </span>
            </header>
            {casesPanel}
            <AskedFolders />
            <Mentions />
            {partial !== null && <p className="matters-partial quiet">{partial}</p>}
            <MattersTable
              rows={chooseMatters(rows, deferredFilter, sort)}
              total={rows.length}
              isPartial={partial !== null}
              sort={sort}
              onSort={setSort}
            />
          </>
        )
      }
    </Loaded>
  );
}

/** The firm's first copy is on its way, and not one matter of it is here yet. Work of one's own need not wait for it. */
function Arriving({ app, status, typed, onType }: Pick<ChooseFolderProps, 'app' | 'typed' | 'onType'> & { status: SyncStatus }) {
  const { title, advice } = arrivingWords(status);
  return (
    <Empty icon={<IconCloudDownload size={36} stroke={1.2} />} title={title}>
      <p>{advice}</p>
      {status.copy && <CopyBar copy={status.copy} label={title} />}
      <p>You can begin a new matter meanwhile.</p>
      <ChooseFolder app={app} typed={typed} onType={onType} />
    </Empty>
  );
}

interface MattersTableProps {
  rows: MatterRow[];
  total: number;
  /** Not all of the firm's are here yet. */
  isPartial: boolean;
  sort: MatterSort;
  onSort: (sort: MatterSort) => void;
}

function MattersTable({ rows, total, isPartial, sort, onSort }: MattersTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { first, shown, before, after } = useWindowedRows(rows, scroller);
  const [cursor, setCursor] = useState(-1);
  const at = Math.min(cursor, rows.length - 1);
  const move = (to: number) => {
    setCursor(Math.max(0, Math.min(rows.length - 1, to)));
  };
  const open = (row: MatterRow | undefined) => {
    if (row) showMatter(row.matterId, row.letterId ? 'letter' : 'evidence');
  };
  useKeys({
    j: () => {
      move(at + 1);
    },
    ArrowDown: () => {
      move(at + 1);
    },
    k: () => {
      move(at - 1);
    },
    ArrowUp: () => {
      move(at - 1);
    },
    Enter: () => {
      open(rows[at]);
    },
  });
  useEffect(() => {
    const row = scroller.current?.querySelector('tr[aria-selected="true"]');
    row?.scrollIntoView({ block: 'nearest' });
    row?.querySelector<HTMLElement>('.matter-name')?.focus({ preventScroll: true });
  }, [at]);

  if (rows.length === 0)
    return (
      <Empty title="No matter matches">
        <p>
          None of {count(total, 'matter')} has these words.{isPartial ? ' Others are still on their way from the firm.' : ''}
        </p>
      </Empty>
    );
  return (
    <div className="scroll" ref={scroller} style={{ flex: 1 }}>
      <table className="grid matters">
        <thead>
          <tr>
            {matterColumns.map(({ key, label, isNumber }) => {
              const isSorted = sort.by === key;
              return (
                <th
                  key={key}
                  className={isNumber ? 'number' : undefined}
                  aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    type="button"
                    onClick={() => {
                      onSort({ by: key, descending: isSorted ? !sort.descending : isNumber === true || key === 'changed' });
                    }}
                  >
                    {label}
                    {isSorted && (sort.descending ? <IconChevronDown size={13} aria-hidden /> : <IconChevronUp size={13} aria-hidden />)}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {shown.map((row, offset) => (
            <tr
              key={row.matterId}
              className="open"
              aria-selected={first + offset === at}
              onClick={() => {
                open(row);
              }}
            >
              <td>
                <button
                  type="button"
                  className="matter-name cut"
                  title={row.clientName ?? row.title}
                  onClick={(event) => {
                    event.stopPropagation();
                    open(row);
                  }}
                >
                  {row.clientName ?? row.title}
                </button>
                {row.status === 'Closed' && <span className="quiet"> closed</span>}
              </td>
              <td>{row.defendantName ?? <span className="quiet">—</span>}</td>
              <td>
                <DayText day={row.dateOfLoss} />
              </td>
              <td>{row.letterStatus === null ? <span className="quiet">None yet</span> : letterStatusWords[row.letterStatus]}</td>
              <td className="number">
                <MoneyText cents={row.demandCents} />
              </td>
              <td className="number">
                {row.documentCount}
                {row.unreadCount > 0 && <span className="quiet"> ({row.unreadCount} unread)</span>}
              </td>
              <td>
                <MomentText at={row.updatedAt} />
              </td>
              <td>
                {row.waitingChanges > 0 ? (
                  <span className="tag tag-accent">{count(row.waitingChanges, 'change')} waiting</span>
                ) : (
                  <span className="quiet">—</span>
                )}
              </td>
            </tr>
          ))}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}
