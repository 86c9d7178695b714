import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { CopyProgress, SyncStatus } from '../../shared/sync.ts';
import { useCall, useCommand } from '../client.ts';
import { StorageSection } from '../files/StorageSection.tsx';
import { showSync, useRoute, type SyncView } from '../route.ts';
import { useLeave } from '../session/leave.ts';
import { ErrorNotice, Notice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { sentenceOf, tell } from '../ui/undo.tsx';
import { count } from '../ui/values.tsx';
import { Answers } from './Answers.tsx';
import { CopyBar } from './CopyBar.tsx';
import { Inbox } from './Inbox.tsx';
import { Waiting } from './Waiting.tsx';
import { copyWords, needsYou, syncTone, syncWords } from './words.ts';
import '../letters/fonts.ts'; // a redline reads as the letter does
import './sync.css';

const views: readonly SyncView[] = ['inbox', 'waiting', 'answers', 'files'];
const labels: Record<SyncView, string> = { inbox: 'Inbox', waiting: 'Waiting', answers: 'Last answers', files: 'Files' };

/** Everything about syncing that a person may want to see: what needs her, what waits, what the firm said. */
export function SyncScreen() {
  const status = useCall('sync.status', {});
  return (
    <Loaded answer={status} text="Asking how far syncing is">
      {(now) => <SyncPage status={now} />}
    </Loaded>
  );
}

function SyncPage({ status }: { status: SyncStatus }) {
  const { sync: view } = useRoute();
  const syncNow = useCommand('sync.now');
  const counts: Record<SyncView, number> = { inbox: needsYou(status), waiting: status.waiting, answers: 0, files: 0 };
  const sync = async () => {
    const outcome = await syncNow.run({});
    if (!outcome.ok) tell(sentenceOf(outcome.error));
  };
  const step = (event: KeyboardEvent, by: number) => {
    const next = views[(views.indexOf(view) + by + views.length) % views.length] ?? 'inbox';
    event.preventDefault();
    showSync(next);
    document.getElementById(`sync-tab-${next}`)?.focus();
  };
  return (
    <>
      <header className="bar sync-bar">
        <div>
          <h1>Sync</h1>
          <span className={`tag tag-${syncTone(status)}`}>{syncWords(status)}</span>
        </div>
        {status.phase !== 'local' && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={syncNow.busy}
            onClick={() => {
              void sync();
            }}
          >
            Sync now
          </Button>
        )}
        <div className="tabs push" role="tablist" aria-label="Sync">
          {views.map((name) => (
            <button
              key={name}
              id={`sync-tab-${name}`}
              type="button"
              role="tab"
              aria-selected={name === view}
              tabIndex={name === view ? 0 : -1}
              onClick={() => {
                showSync(name);
              }}
              onKeyDown={(event) => {
                if (event.key === 'ArrowRight') step(event, 1);
                if (event.key === 'ArrowLeft') step(event, -1);
              }}
            >
              {labels[name]}
              {counts[name] > 0 && <span className="quiet"> {counts[name].toLocaleString('en-US')}</span>}
            </button>
          ))}
        </div>
      </header>
      <Standing status={status} />
      <div className="sync-view" role="tabpanel" aria-labelledby={`sync-tab-${view}`}>
        {view === 'inbox' && <Inbox />}
        {view === 'waiting' && <Waiting status={status} />}
        {view === 'answers' && <Answers />}
        {view === 'files' && <StorageSection />}
      </div>
    </>
  );
}

/** What keeps syncing from going on, and what to do about it. */
function Standing({ status }: { status: SyncStatus }) {
  const { problem, phase, restored, copy } = status;
  if (problem === null && restored === null && phase !== 'local' && !copy) return null;
  return (
    <div className="sync-standing">
      {copy && <CopyNotice copy={copy} />}
      {problem && <ErrorNotice error={problem} {...(problem.code === 'unauthenticated' && { actions: <SignInAgain /> })} />}
      {phase === 'local' && (
        <Notice tone="tell" title="What is here belongs to no firm.">
          Nothing is sent anywhere.
        </Notice>
      )}
      {restored !== null && (
        <Notice tone="tell" title="The firm’s server was restored from a backup.">
          {restored === 0
            ? 'It has all that was sent from this computer.'
            : `It had forgotten ${count(restored, 'change')} of yours; this computer still had them and gives them back.`}
        </Notice>
      )}
    </div>
  );
}

/** The firm asks for the password again: what waits is kept, and goes after it. */
function SignInAgain() {
  const leave = useLeave();
  return (
    <Button
      onClick={() => {
        void leave();
      }}
    >
      Sign in again
    </Button>
  );
}

/** A copy of the firm on its way. How far it is is read aloud by the status bar alone. */
function CopyNotice({ copy }: { copy: CopyProgress }) {
  const { title, advice } = copyWords(copy);
  return (
    <div className="notice notice-tell">
      <div>
        <p>
          <strong>{title}</strong>
        </p>
        <p>{advice}</p>
        <CopyBar copy={copy} label={title} />
      </div>
    </div>
  );
}
