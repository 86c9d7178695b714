import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { lazy, Suspense, type KeyboardEvent } from 'react';
import type { MatterId } from '../../shared/ids.ts';
import type { MatterRow } from '../../shared/matters.ts';
import type { AppState } from '../../shared/setup.ts';
import type { SyncStatus } from '../../shared/sync.ts';
import { useCall } from '../client.ts';
import { EvidenceTab } from '../documents/EvidenceTab.tsx';
import { PagePanel } from '../documents/PagePanel.tsx';
import { PackageTab } from '../export/PackageTab.tsx';
import { FactsTab } from '../facts/FactsTab.tsx';
import { useNearLetter } from '../presence/context.ts';
import { People } from '../presence/People.tsx';
import { showMatter, showMatters, useRoute, type MatterTab } from '../route.ts';
import { partialMatterWords } from '../sync/words.ts';
import { Loaded, Waiting } from '../ui/states.tsx';
import { DayText } from '../ui/values.tsx';
import { letterStatusWords } from './rows.ts';
import './matters.css';

// The editor is the heaviest part of Steno and the last one a day begins with.
const LetterTab = lazy(() => import('../letters/LetterTab.tsx').then((module) => ({ default: module.LetterTab })));

const tabs: readonly { tab: MatterTab; label: string }[] = [
  { tab: 'evidence', label: 'Evidence' },
  { tab: 'facts', label: 'Facts' },
  { tab: 'letter', label: 'Letter' },
  { tab: 'package', label: 'Package' },
];

export function MatterScreen({ matterId, app }: { matterId: MatterId; app: AppState }) {
  const matter = useCall('matters.get', { matterId });
  return (
    <Loaded answer={matter} text="Opening the matter">
      {(row) => <Matter matter={row} app={app} />}
    </Loaded>
  );
}

function Matter({ matter, app }: { matter: MatterRow; app: AppState }) {
  const { tab, page } = useRoute();
  useNearLetter(matter.letterId);
  const { data: arriving } = useCall('sync.status', {}, { select: arrivingOf });
  const partial = arriving?.partial ?? null;
  const role = app.session?.account.role ?? 'Viewer';
  return (
    <>
      <header className="bar matter-bar">
        <Tooltip label="All matters">
          <ActionIcon aria-label="All matters" onClick={showMatters}>
            <IconChevronLeft size={18} />
          </ActionIcon>
        </Tooltip>
        <div className="cut">
          <h1 className="cut">{matter.title}</h1>
          <p className="quiet cut">
            {matter.dateOfLoss !== null && (
              <>
                Loss <DayText day={matter.dateOfLoss} />
                {' · '}
              </>
            )}
            {matter.letterStatus === null
              ? partial === null
                ? 'No letter yet'
                : 'No letter here yet'
              : `Letter: ${letterStatusWords[matter.letterStatus].toLowerCase()}`}
            {matter.folderPath === null && ' · A colleague watches the case folder'}
          </p>
        </div>
        <People matterId={matter.matterId} />
        <TabStrip matter={matter} current={tab} />
      </header>
      {partial !== null && <p className="matters-partial quiet">{partial}</p>}
      <div className="matter-body">
        <div className="matter-tab" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          {tab === 'evidence' && <EvidenceTab matter={matter} isOnItsWay={partial !== null} />}
          {tab === 'facts' && <FactsTab matterId={matter.matterId} role={role} />}
          {tab === 'letter' && (
            <Suspense fallback={<Waiting text="Opening the editor" />}>
              <LetterTab
                matterId={matter.matterId}
                letterId={matter.letterId}
                role={role}
                isOnItsWay={partial !== null && arriving?.isCopying === true}
              />
            </Suspense>
          )}
          {tab === 'package' && <PackageTab matter={matter} hostKind={app.hostKind} />}
        </div>
        {page && tab !== 'evidence' && <PagePanel shown={page} />}
      </div>
    </>
  );
}

/** What of the firm's rows is still to come; the rest of the status changes with each edit that is sent. */
const arrivingOf = (status: SyncStatus) => ({ partial: partialMatterWords(status), isCopying: Boolean(status.copy) });

function TabStrip({ matter, current }: { matter: MatterRow; current: MatterTab }) {
  const step = (event: KeyboardEvent, by: number) => {
    const index = tabs.findIndex(({ tab }) => tab === current);
    const next = tabs[(index + by + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    showMatter(matter.matterId, next.tab);
    document.getElementById(`tab-${next.tab}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label="Matter">
      {tabs.map(({ tab, label }) => (
        <button
          key={tab}
          id={`tab-${tab}`}
          type="button"
          role="tab"
          aria-selected={tab === current}
          tabIndex={tab === current ? 0 : -1}
          onClick={() => {
            showMatter(matter.matterId, tab);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight') step(event, 1);
            if (event.key === 'ArrowLeft') step(event, -1);
          }}
        >
          {label}
          {tab === 'evidence' && matter.documentCount > 0 && <span className="quiet"> {matter.documentCount}</span>}
        </button>
      ))}
    </div>
  );
}
