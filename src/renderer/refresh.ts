import type { QueryClient } from '@tanstack/react-query';
import type { Bridge } from '../shared/ipc/bridge.ts';
import type { CallName } from '../shared/ipc/contract.ts';
import type { SyncStatus } from '../shared/sync.ts';
import type { EventName } from '../shared/ipc/events.ts';
import { gathered, type Gathering } from './gather.ts';

/** What core works out from facts, bill lines and what people answered about them. */
const workedOut: readonly CallName[] = [
  ...(['questions.list', 'contradictions.list', 'facts.ledger', 'facts.chronology', 'facts.losses'] as const),
  ...(['letters.open', 'letters.findings', 'matters.list', 'matters.get'] as const),
];

/** What the library of templates shows, and what is drafted from it. */
const templateAnswers: readonly CallName[] = [
  ...(['templates.library', 'templates.open', 'templates.choices', 'templates.compare', 'letters.asks'] as const),
];

/** Which answers an event of core makes stale. */
const staleAfterEvent: Partial<Record<EventName, readonly CallName[]>> = {
  'session.changed': ['setup.state'],
  'sync.status': ['sync.conflicts', 'sync.deadLetters', 'sync.proposals', 'sync.waiting', 'sync.verdicts'],
  'templates.changed': templateAnswers,
  'matters.changed': ['matters.list', 'matters.get', 'templates.library'],
  'cases.changed': ['cases.view'],
  'documents.changed': [
    'questions.list',
    'activity.view',
    'documents.list',
    'links.of',
    'documents.page',
    'documents.outline',
    'documents.findPlaces',
    'files.matter',
    'files.storage',
    'matters.list',
    'matters.get',
  ],
  'files.changed': ['files.storage'],
  'find.changed': ['find.search', 'find.retrieve', 'questions.list'],
  'links.changed': ['links.of'],
  // an answer may say that two statements' charges are not the same: sums follow
  'questions.changed': workedOut,
  'facts.changed': ['facts.list', 'activity.view', ...workedOut],
  // an open thread keeps a letter from being finalized
  'collaboration.changed': ['collaboration.list', 'collaboration.refining', 'collaboration.mentions', 'drafting.history', 'letters.open'],
  'reviews.changed': ['reviews.list', 'reviews.asked'],
  'drafting.changed': ['drafting.state', 'drafting.history'],
  'facts.asking': ['facts.asked'],
  'settings.changed': ['settings.assistant', 'settings.matterAssistant', 'activity.view', 'drafting.history'],
  // what may be accepted, and what of it is known, depends on the text and its values
  'letters.changed': [
    'letters.open',
    'letters.findings',
    'collaboration.list',
    'reviews.asked',
    'drafting.sections',
    'letters.versions',
    'letters.compareVersions',
    'sync.proposals',
    'sync.proposalText',
    'matters.list',
    'matters.get',
    'export.list',
  ],
};

/** Which answers a call of this window makes stale; the same lists, found by the feature's name. */
const staleAfterFeature: Record<string, readonly CallName[]> = {
  setup: ['setup.state'],
  session: ['setup.state'],
  matters: ['matters.list', 'matters.get'],
  cases: ['cases.view', 'matters.list', 'matters.get'],
  questions: workedOut,
  contradictions: ['facts.list', 'activity.view', ...workedOut],
  documents: ['documents.list', 'matters.list', 'matters.get'],
  links: ['links.of'],
  find: ['find.search', 'find.retrieve'],
  settings: ['settings.assistant', 'settings.matterAssistant', 'settings.spelling'],
  facts: ['facts.list', 'facts.asked', 'activity.view', ...workedOut],
  letters: ['letters.open', 'letters.findings', 'letters.versions', 'letters.compareVersions', 'matters.list', 'matters.get'],
  collaboration: ['collaboration.list', 'collaboration.refining', 'collaboration.mentions', 'letters.open'],
  reviews: ['reviews.list', 'reviews.asked', 'letters.open', 'letters.versions', 'matters.list', 'matters.get'],
  drafting: ['drafting.state', 'drafting.history', 'collaboration.list', 'letters.open'],
  export: ['export.list', 'letters.open', 'matters.list', 'matters.get'],
  templates: templateAnswers,
  files: ['files.storage', 'files.matter'],
  sync: ['sync.status', 'sync.conflicts', 'sync.deadLetters', 'sync.proposals', 'sync.waiting', 'sync.verdicts'],
};

/**
 * A letter that is typed in changes several times a second: saved, on its way, at the firm. What is said of it is asked again when the typist pauses, or after a while; its
 * words themselves do not come this way. Each answer and each new word in the status line costs the keystroke that falls on it: React walks through the whole text that has
 * the focus before it draws anything anywhere.
 */
const statusPace: Gathering = { quietMs: 300, atLastMs: 2_500 };
const paces: Partial<Record<EventName, Gathering>> = { 'letters.changed': { quietMs: 300, atLastMs: 4_000 }, 'sync.status': statusPace };

function refresh(queries: QueryClient, names: readonly CallName[]): void {
  for (const name of names) void queries.invalidateQueries({ queryKey: [name] });
}

export function refreshAfter(queries: QueryClient, call: CallName): void {
  refresh(queries, staleAfterFeature[call.split('.')[0] ?? ''] ?? []);
}

/** Keeps the query cache in step with core for as long as the window lives. */
export function refreshOnEvents(bridge: Bridge, queries: QueryClient): () => void {
  const ends = Object.entries(staleAfterEvent).flatMap(([event, names]): (() => void)[] => {
    const again = () => {
      refresh(queries, names);
    };
    const pace = paces[event as EventName];
    if (!pace) return [bridge.on(event as EventName, again)];
    const soon = gathered(again, pace);
    return [bridge.on(event as EventName, soon), soon.stop];
  });
  let latest: SyncStatus | null = null;
  const showStatus = gathered(() => {
    queries.setQueryData(['sync.status', {}], latest);
  }, statusPace);
  ends.push(
    showStatus.stop,
    bridge.on('sync.status', (status) => {
      latest = status;
      showStatus();
    }),
    bridge.on('sync.copied', () => {
      void queries.invalidateQueries();
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}
