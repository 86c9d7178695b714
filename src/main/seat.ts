import { eq } from 'drizzle-orm';
import type { EventName, EventPayload } from '../shared/ipc/events.ts';
import type { LetterId, MatterId } from '../shared/ids.ts';
import { err } from '../shared/result.ts';
import { mayWrite, type AccountView } from '../shared/session.ts';
import type { SyncStatus } from '../shared/sync.ts';
import { createDocuments, type Documents } from './documents/documents.ts';
import { createExport, type Export } from './export/export.ts';
import { createFacts, type Facts } from './facts/facts.ts';
import type { Host } from './host/host.ts';
import { freshId } from './host/ids.ts';
import { createIngest, type Ingest } from './ingest/ingest.ts';
import { createJobs, type Jobs } from './jobs/jobs.ts';
import { createLetters, type Letters } from './letters/letters.ts';
import { createMatters, type Matters } from './matters/matters.ts';
import { billLine, caseFolder, document, fact, letterUpdate, page } from './store/schema.ts';
import type { Store } from './store/store.ts';
import { fetchBlob, uploadBlobs } from './sync/blobs.ts';
import { createInbox, type Inbox } from './sync/inbox.ts';
import { isValidLetterUpdate } from './sync/letter-check.ts';
import { createSyncLoop, type SyncLoop } from './sync/loop.ts';
import { createWrite, type Change, type Touched } from './sync/outbox.ts';
import { RemoteError, type Remote } from './sync/remote.ts';

/** One signed-in account on this laptop: its store, its features and its sync; shared by the account's windows. */
export interface Seat {
  account: AccountView;
  store: Store;
  matters: Matters;
  documents: Documents;
  ingest: Ingest;
  facts: Facts;
  letters: Letters;
  exports: Export;
  inbox: Inbox;
  jobs: Jobs;
  syncStatus(): SyncStatus;
  syncNow(): Promise<SyncStatus>;
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
}

export function openSeat({ host, account, store, remote, emit, settleMs }: SeatInput): Seat {
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

  async function fetch(contentHash: string) {
    if (!remote) return err({ code: 'not_found' as const, what: 'the file of this document' });
    try {
      return await fetchBlob(store, remote, contentHash, clock.now());
    } catch (error) {
      if (error instanceof RemoteError) return err(error.error);
      throw error;
    }
  }

  const matters = createMatters({ store, write, clock });
  const documents = createDocuments({ store, write, workers, clock, userId, fetch });
  const facts = createFacts({ store, write, workers, clock, userId, mayNotDecide });
  const letters = createLetters({ store, write, facts, account, clock });
  const exports = createExport({ store, write, letters, clock, userId, folder: host.paths.exports });
  const inbox = createInbox({ store, write, userId, onDecided: () => loop?.nudge() });
  const onProgress = (progress: EventPayload<'ingest.progress'>): void => emit('ingest.progress', progress);
  const extract = (documentId: string) => facts.extract(documentId);
  const supersede = (change: Change, documentId: string): void => facts.supersede(change, documentId);
  const ingest = createIngest({
    store,
    write,
    jobs,
    documents,
    extract,
    supersede,
    onProgress,
    ...(settleMs === undefined ? {} : { settleMs }),
  });

  /** Rows that changed, in the words windows listen for. `remote`: by a colleague, so open editors need the text as well. */
  function announce(touched: Touched[], fromFirm: boolean): void {
    const { db } = store;
    const documentsOf = new Set<string>();
    const factsOf = new Set<string>();
    const lettersChanged = new Set<string>();
    let mattersChanged = false;
    for (const { entity, entityId } of touched) {
      if (entity === 'document' || entity === 'page') {
        const documentId =
          entity === 'document' ? entityId : db.select({ id: page.documentId }).from(page).where(eq(page.pageId, entityId)).get()?.id;
        const of = documentId && db.select({ id: document.matterId }).from(document).where(eq(document.documentId, documentId)).get()?.id;
        if (of) documentsOf.add(of);
      } else if (entity === 'fact') {
        const of = db.select({ id: fact.matterId }).from(fact).where(eq(fact.factId, entityId)).get()?.id;
        if (of) factsOf.add(of);
      } else if (entity === 'bill_line') {
        const of = db.select({ id: billLine.matterId }).from(billLine).where(eq(billLine.billLineId, entityId)).get()?.id;
        if (of) factsOf.add(of);
      } else if (entity === 'letter') {
        lettersChanged.add(entityId);
        mattersChanged = true;
      } else if (entity === 'letter_update') {
        const update = db.select().from(letterUpdate).where(eq(letterUpdate.updateId, entityId)).get();
        if (!update) continue;
        lettersChanged.add(update.letterId);
        if (isValidLetterUpdate(update.payload))
          emit('letters.update', { letterId: update.letterId as LetterId, update: update.payload.toString('base64') });
      } else if (entity === 'matter') {
        mattersChanged = true;
      }
    }
    for (const matterId of factsOf) for (const letterId of letters.lettersOf(matterId)) lettersChanged.add(letterId);
    for (const matterId of documentsOf) emit('documents.changed', { matterId: matterId as MatterId });
    for (const matterId of factsOf) emit('facts.changed', { matterId: matterId as MatterId });
    for (const letterId of lettersChanged) emit('letters.changed', { letterId: letterId as LetterId });
    if (mattersChanged || documentsOf.size > 0 || factsOf.size > 0) emit('matters.changed', {});
    if (!fromFirm && !loop) emit('sync.status', syncStatus());
  }

  function syncStatus(): SyncStatus {
    if (loop) return loop.status();
    return { phase: 'local', waiting: 0, conflicts: 0, deadLetters: 0, lastSyncedAt: null, offlineSince: null, problem: null };
  }

  jobs.start(ingest.handlers);
  for (const { matterId, folder } of store.db.select().from(caseFolder).all()) ingest.watch(matterId, folder);
  if (remote) {
    loop = createSyncLoop({
      store,
      remote,
      now: () => clock.now(),
      random: Math.random,
      onStatus: (status) => emit('sync.status', status),
      onPulled: (touched) => announce(touched, true),
      transferFiles: () => uploadBlobs(store, remote),
      onBug: (error) => ({ code: 'internal', reference: log.bug('sync', error) }),
    });
  }

  return {
    account,
    store,
    matters,
    documents,
    ingest,
    facts,
    letters,
    exports,
    inbox,
    jobs,
    syncStatus,
    syncNow: () => loop?.now() ?? Promise.resolve(syncStatus()),
    watch: (matterId, folder) => ingest.watch(matterId, folder),
    async close() {
      await ingest.stop();
      await jobs.stop();
      await loop?.stop();
      store.close();
    },
  };
}
