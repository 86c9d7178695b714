import { statfs } from 'node:fs/promises';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { EventName, EventPayload } from '../shared/ipc/events.ts';
import type { DocumentId, LetterId, MatterId } from '../shared/ids.ts';
import type { Attendance, PersonHere } from '../shared/presence.ts';
import { mayFinalize, mayWrite, type AccountView } from '../shared/session.ts';
import { ok, type Nothing, type Outcome } from '../shared/result.ts';
import type { SyncStatus } from '../shared/sync.ts';
import { createAnnounce } from './announce.ts';
import { createDocuments, type Documents } from './documents/documents.ts';
import { createKinds, type Kinds } from './documents/kinds.ts';
import { createDrafting, createHistory, type Drafting } from './drafting/drafting.ts';
import { createExport, type Export } from './export/export.ts';
import { createAi, createKeys } from './ai/ai.ts';
import { askJob, createAsking, createFacts, knownOf, type Asking, type Facts } from './facts/facts.ts';
import { createFind, type Find } from './find/find.ts';
import { createJudging, type Judging } from './find/votes.ts';
import type { Host } from './host/host.ts';
import { freshId } from './host/ids.ts';
import { createCases, type Cases } from './ingest/cases.ts';
import { createIngest, type Ingest } from './ingest/ingest.ts';
import { createActivity, type Activity } from './activity/activity.ts';
import { createSettings, type Settings } from './settings/settings.ts';
import { createQuestions, type Questions } from './questions/questions.ts';
import {
  createCollaboration,
  createRefining,
  createReviews,
  type Collaboration,
  type Refining,
  type Reviews,
} from './collaboration/collaboration.ts';
import { createContradictions, type Contradictions } from './contradictions/contradictions.ts';
import { createJobs, RetryLater, type JobHandler, type Jobs } from './jobs/jobs.ts';
import { compareBlocks, createLetters, type Letters } from './letters/letters.ts';
import { createSpelling, type Spelling } from './spelling/spelling.ts';
import { createLinks, type Links } from './links/links.ts';
import { createMatters, type Matters } from './matters/matters.ts';
import { caseFolder, document } from './store/schema.ts';
import type { Store } from './store/store.ts';
import { createFiles, type FileChange, type Files } from './sync/files/files.ts';
import { createInbox, type Inbox } from './sync/inbox.ts';
import { createSyncLoop, type SyncLoop } from './sync/loop.ts';
import { createWrite, type Mutation, type Touched } from './sync/outbox.ts';
import { replayParked } from './sync/parked.ts';
import { createProposals, type Proposals } from './sync/proposals.ts';
import { createPresence } from './sync/presence.ts';
import type { Remote } from './sync/remote.ts';
import { createTemplates, type Templates } from './templates/templates.ts';
import { createCopier, type Stager } from './sync/snapshot/take.ts';

/** One signed-in account on this laptop: its store, its features and its sync; shared by the account's windows. */
export interface Seat {
  account: AccountView;
  store: Store;
  matters: Matters;
  documents: Documents;
  kinds: Kinds;
  ingest: Ingest;
  cases: Cases;
  facts: Facts;
  asking: Asking;
  activity: Activity;
  settings: Settings;
  find: Find;
  questions: Questions;
  contradictions: Contradictions;
  judging: Judging;
  links: Links;
  letters: Letters;
  templates: Templates;
  spelling: Spelling;
  collaboration: Collaboration;
  refining: Refining;
  reviews: Reviews;
  drafting: Drafting;
  exports: Export;
  files: Files;
  inbox: Inbox;
  proposals: Proposals;
  jobs: Jobs;
  syncStatus(): SyncStatus;
  syncNow(): Promise<SyncStatus>;
  /** The network is another or back. */
  reconnect(): void;
  /** What a window says of itself; null once it is closed. */
  attend(windowKey: string, attendance: Attendance | null): void;
  /** Who else is in a letter that a window has open. */
  peopleIn(letterId: LetterId): PersonHere[];
  /** Starts watching a matter's case folder. */
  watch(matterId: string, folder: string): void;
  close(): Promise<void>;
}

interface SeatInput {
  host: Host;
  account: AccountView;
  store: Store;
  /** null: a store without a firm (command line). */
  remote: Remote | null;
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
  settleMs?: number;
  /** Fetches a snapshot of the firm away from this thread. */
  stage?: Stager;
  /** The space for files that the firm's file decides. */
  fileBudgetGb?: number | undefined;
  /** Where it is remembered how this person turned pages. */
  turnsPath?: string;
  /** What the keys to models are called in the keychain. */
  assistantKeys?: string;
}

export function openSeat({ host, account, store, remote, emit, settleMs, stage, fileBudgetGb, turnsPath, assistantKeys }: SeatInput): Seat {
  replayParked(store);
  const { clock, log, workers } = host;
  const { userId } = account;
  let loop: SyncLoop | null = null;
  const write = createWrite({
    store,
    userId,
    now: () => clock.now(),
    newId: freshId,
    onCommitted(touched) {
      announce(touched, false);
      loop?.nudge();
    },
  });
  const jobs = createJobs({ store, clock, log });
  const mayNotDecide = mayWrite(account.role) ? null : 'Your role may read them, not change them.';

  const files = createFiles({
    store,
    firm: remote?.files ?? null,
    now: () => clock.now(),
    lockedBudgetGb: fileBudgetGb ?? null,
    freeBytes: () => freeBytesIn(host.paths.data),
    onChange: announceFile,
    onBug: (error) => ({ code: 'internal', reference: log.bug('files', error) }),
  });
  const matters = createMatters({ store, write, clock });
  const documents = createDocuments({ store, write, workers, clock, userId, files, turnsPath: turnsPath ?? null });
  const facts = createFacts({ store, write, workers, clock, userId, mayNotDecide });
  const mayAnswer = { mayWrite: mayWrite(account.role), mayAttest: mayFinalize(account.role) };
  const questions = createQuestions({ store, write, facts, userId, clock, ...mayAnswer });
  const templates = createTemplates({ store, write, account, documents, compare: compareBlocks });
  const letters = createLetters({
    store,
    templates,
    write,
    facts,
    questions,
    account,
    clock,
    jobs,
    alsoBlocks: (letterId) => collaboration.blockers(letterId),
  });
  const spelling = createSpelling({ store, facts, clock });
  const collaboration: Collaboration = createCollaboration({ store, write, letters, facts, account });
  const exports = createExport({ store, write, letters, clock, userId, folder: host.paths.exports });
  const inbox = createInbox({ store, write, userId, onDecided: () => loop?.nudge() });
  const proposals = createProposals({ store, write, userId, role: account.role, letterWith: letters.textWith });
  const find = createFind({ store, userId, onBug: (error) => void log.bug('find', error), onIndexed: () => emit('find.changed', {}) });
  const contradictions = createContradictions({ facts, questions });
  const onProgress = (progress: EventPayload<'ingest.progress'>): void => {
    emit('ingest.progress', progress);
    // a document in which no fact was found changes nothing but that it is no longer being read
    if (progress.current === null) emit('documents.changed', { matterId: progress.matterId });
  };
  const judging = createJudging({ store, write, userId, mayNotDecide });
  const links = createLinks({ store, write, jobs, mayNotDecide });
  const extract = async (documentId: string): Promise<Outcome<Nothing>> => {
    const extracted = await facts.extract(documentId);
    if (!extracted.ok) return extracted;
    const noted = store.jot(() =>
      store.transaction((tx) => {
        links.enqueue(tx, documentId);
        return ok({});
      }),
    );
    if (noted.ok) jobs.wake();
    return noted;
  };
  const kinds = createKinds({
    write,
    userId,
    userName: `${account.firstName} ${account.lastName}`,
    mayNotDecide,
    onChanged: (change, documentId) => jobs.enqueue(change.db, 'extract-document', documentId, { documentId }),
  });
  const extractDocument: JobHandler = async (payload) => {
    const extracted = await extract(z.object({ documentId: z.string() }).parse(payload).documentId);
    if (!extracted.ok && extracted.error.code !== 'not_found') throw new RetryLater(extracted.error.code);
  };
  const keys = createKeys(host.secrets, assistantKeys ?? 'assistant-keys');
  const offline = { facts: facts.answerOffline };
  const ai = createAi({ store, write, workers, clock, keys, offline, mayNotAsk: mayNotDecide });
  const asking = createAsking({
    store,
    write,
    ai,
    jobs,
    clock,
    mayNotDecide,
    onChanged: (matterId) => emit('facts.asking', { matterId }),
    onBug: (error) => log.bug('assistant', error),
  });
  const activity = createActivity({ store, clock });
  const settings = createSettings({ store, write, keys, account, clock });
  const history = createHistory({ store, write, clock, account });
  const withAssistant = {
    ...{ store, write, letters, find, history, ai, locked: mayNotDecide, assistantOf: settings.assistantOf },
    knownOf: (matterId: string) => knownOf(store, matterId),
    onBug: (error: unknown) => log.bug('assistant', error),
  };
  const refining = createRefining({
    ...withAssistant,
    onChanged: (letterId) => emit('collaboration.changed', { letterId: letterId as LetterId }),
  });
  const drafting = createDrafting({
    ...withAssistant,
    onChanged: (letterId) => emit('drafting.changed', { letterId: letterId as LetterId }),
  });
  const ingest = createIngest({
    store,
    write,
    jobs,
    documents,
    userId,
    mayWrite: mayWrite(account.role),
    extract,
    supersede: facts.supersede,
    setAside: facts.setAside,
    bringBack(change, documentId) {
      if (facts.bringBack(change, documentId)) jobs.enqueue(change.db, 'extract-document', documentId, { documentId });
    },
    onProgress,
    now: () => clock.now(),
    ...(settleMs === undefined ? {} : { settleMs }),
  });

  const cases = createCases({
    store,
    matters,
    mayWrite: mayWrite(account.role),
    now: () => clock.now(),
    onFolder: (matterId, folder) => ingest.watch(matterId, folder),
    onChanged() {
      emit('cases.changed', {});
      emit('matters.changed', {});
    },
    onBug: (error) => void log.bug('cases', error),
  });

  const tellWindows = createAnnounce({ store, lettersOf: (matterId) => letters.lettersOf(matterId), emit });

  function announce(touched: readonly Touched[], fromFirm: boolean): void {
    find.wake();
    tellWindows(touched);
    if (!fromFirm && !loop) emit('sync.status', syncStatus());
  }

  /** An open editor still holds the text that was taken back, and what is typed on top of it would find no place anywhere: it begins anew. */
  function tellTakenBack(refused: Mutation[]): void {
    announce(refused, true);
    const letterIds = refused.filter(({ entity }) => entity === 'letter_update').map(({ patch }) => String(patch['letter_id']));
    for (const letterId of new Set(letterIds)) {
      emit('letters.takenBack', { letterId: letterId as LetterId });
      emit('letters.changed', { letterId: letterId as LetterId });
    }
  }

  /** A file moved on: whoever looks at a document of it is told, and its matter's list where it came or went. */
  function announceFile(hash: string, how: FileChange): void {
    const named = store.db.select().from(document).where(eq(document.contentHash, hash)).all();
    for (const row of named) {
      const view = files.view(hash, row.fileSize);
      emit('files.changed', { documentId: row.documentId as DocumentId, file: view });
      if (how !== 'moved') emit('documents.changed', { matterId: row.matterId as MatterId });
    }
  }

  function syncStatus(): SyncStatus {
    if (loop) return loop.status();
    return {
      phase: 'local',
      waiting: 0,
      inFlight: 0,
      conflicts: 0,
      deadLetters: 0,
      proposals: 0,
      lastSyncedAt: null,
      offlineSince: null,
      problem: null,
      restored: null,
    };
  }

  const presence =
    remote &&
    createPresence({
      line: remote.presence,
      now: () => clock.now(),
      onPeople: (letterId, people) => emit('presence.changed', { letterId, people }),
      onActivity: (activity) => loop?.setActivity(activity),
    });

  const folders = store.db.select().from(caseFolder).all(); // whatever cannot be read is met before anything has begun
  find.wake();
  // Files are taken in while others are read, and one is written down while the next is read: half of it is this thread's work, half a worker's.
  // Nobody waits for text recognition, nor for links.
  jobs.start(
    { ...ingest.handlers, ...links.handlers, ...asking.handlers, ...letters.versions.handlers, 'extract-document': extractDocument },
    [['read-document', 'extract-document'], ['read-document', 'extract-document'], ['ocr-page'], ['link-document'], [askJob]],
  );
  ingest.ocr.resume();
  for (const { matterId, folder } of folders) ingest.watch(matterId, folder);
  cases.start();
  if (remote) {
    loop = createSyncLoop({
      store,
      remote,
      userId,
      now: () => clock.now(),
      random: Math.random,
      ...(stage && { copier: createCopier(store, stage) }),
      onPulled(touched) {
        announce(touched, true);
        for (const text of proposals.tidings(touched.filter(({ entity }) => entity === 'proposal').map(({ entityId }) => entityId)))
          emit('sync.told', { text });
      },
      onCopied({ isAll, touched }) {
        // the words that came for an open letter one by one, as from a page; what else is on a screen is asked for anew
        announce(touched, true);
        if (isAll) emit('sync.copied', {});
      },
      onTakenBack: tellTakenBack,
      countProposals: () => proposals.count(),
      onStatus(status) {
        if (status.phase !== 'syncing') presence?.setLine(status.phase === 'synced');
        emit('sync.status', status);
      },
      transferFiles: () => files.wake(),
      onBug: (error) => ({ code: 'internal', reference: log.bug('sync', error) }),
    });
  }

  return {
    account,
    store,
    matters,
    documents,
    kinds,
    ingest,
    cases,
    facts,
    asking,
    activity,
    settings,
    find,
    questions,
    contradictions,
    judging,
    links,
    letters,
    templates,
    spelling,
    collaboration,
    refining,
    reviews: createReviews({ store, write, letters, account }),
    drafting,
    exports,
    files,
    inbox,
    proposals,
    jobs,
    syncStatus,
    reconnect: () => loop?.reconnect(),
    attend: (windowKey, attendance) => presence?.attend(windowKey, attendance),
    peopleIn: (letterId) => presence?.peopleIn(letterId) ?? [],
    syncNow: () => loop?.now() ?? Promise.resolve(syncStatus()),
    watch: (matterId, folder) => ingest.watch(matterId, folder),
    async close() {
      await cases.stop();
      await ingest.stop();
      await find.stop();
      await jobs.stop();
      await presence?.stop();
      // what is on the line ends with it
      await Promise.all([files.stop(), loop?.stop()]);
      store.close();
    },
  };
}

async function freeBytesIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
