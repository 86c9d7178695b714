import { eq } from 'drizzle-orm';
import { AppError } from '../../../shared/errors.ts';
import type { FileView, MatterFilesView, StorageView } from '../../../shared/files.ts';
import { err, ok, type Nothing, type Outcome } from '../../../shared/result.ts';
import { document, fileSetting, fileTransfer, matterPin } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { RemoteError } from '../remote.ts';
import { downloadFile } from './download.ts';
import type { FirmFiles } from './firm-files.ts';
import { confirmedFiles, dropLeftovers, hasFile, readFile, unconfirmedFiles, unconfirmFiles } from './kept-files.ts';
import { budgetGbOf, doneBytes, makeRoom, missingPinned, shrinkStore, viewMatterFiles, viewStorage } from './storage.ts';
import type { Progress } from './transfer.ts';
import { uploadFile } from './upload.ts';

/** Files between this laptop and its firm: up as soon as there is a line, down when a document is opened or its matter pinned. */
export interface Files {
  /** A file's bytes, from here or from the firm. Errors: not_found, offline and others of the line, corrupt, cancelled, full. */
  fetch(hash: string): Promise<Outcome<Uint8Array>>;
  /** How a file is on this laptop; where it is not, and nobody stopped it and nothing failed, its fetching begins. */
  want(hash: string, sizeBytes: number): FileView;
  /** As `want`, after a person said so: what failed or was stopped is tried again. */
  fetchAgain(hash: string, sizeBytes: number): FileView;
  /** As `want`, without beginning anything. */
  view(hash: string, sizeBytes: number): FileView;
  cancel(hash: string): Promise<Outcome<Nothing>>;
  matter(matterId: string): MatterFilesView;
  pin(matterId: string, isPinned: boolean): Outcome<Nothing>;
  setBudget(budgetGb: number): Outcome<Nothing>;
  storage(): StorageView;
  /** There is a line, or something to carry: look now. Does not wait; rows never wait for files. */
  wake(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export type FileChange = 'moved' | 'came' | 'went';

interface FilesInput {
  store: Store;
  /** null: a store without a firm. */
  firm: FirmFiles | null;
  now(): number;
  /** The budget that the firm's file decided, or null. */
  lockedBudgetGb: number | null;
  /** Bytes left on the disk. */
  freeBytes(): Promise<number>;
  /** A file moved on by a hundredth or failed, came to this laptop, or was given back. */
  onChange(hash: string, how: FileChange): void;
  onBug(error: unknown): AppError;
}

/** What a pinned matter must leave free on the disk: the outbox needs room more. */
const reserveBytes = 1_000_000_000;
/** Files up to this size do not wait behind larger ones. */
const smallBytes = 16_000_000;
/** `states` answers for so many. */
const mostAsked = 1000;
/** After so many failures of its own a file is tried each time the count of passes divides by 2^5. */
const mostDoublings = 5;
/** What ails the line, the store at its end or this disk, and not one file: the others wait as well. */
const stopping: AppError['code'][] = ['offline', 'unauthenticated', 'rate_limited', 'provider_failed', 'full', 'cancelled'];

export function createFiles(input: FilesInput): Files {
  const { store, firm } = input;
  const { db } = store;
  const closing = new AbortController();
  dropLeftovers(store); // where it cannot, the disk says so at the next write
  const under = new Map<string, { done: Promise<Outcome<unknown>>; abort: AbortController; at: Progress }>();
  let passes = 0;
  let passing: Promise<void> | null = null;
  let isAsked = false;
  let isRechecked = false;
  let problem: AppError | null = null;

  const transferOf = (hash: string) => db.select().from(fileTransfer).where(eq(fileTransfer.contentHash, hash)).get();
  const budgetGb = (): number => budgetGbOf(store, input.lockedBudgetGb);

  /** One file in one direction, once at a time; what becomes of it is kept in the store. */
  function carry(hash: string, direction: 'up' | 'down', firmFiles: FirmFiles): Promise<Outcome<unknown>> {
    const running = under.get(hash);
    if (running) return running.done;
    const abort = new AbortController();
    const at: Progress = { done: 0, of: 0 };
    let shown = -1;
    const onProgress = ({ done, of }: Progress): void => {
      Object.assign(at, { done, of });
      const percent = of === 0 ? 100 : Math.floor((done * 100) / of);
      if (percent !== shown) input.onChange(hash, 'moved');
      shown = percent;
    };
    async function run(): Promise<Outcome<unknown>> {
      const noted = note(hash, direction);
      if (!noted.ok) return noted;
      if (direction === 'up') return uploadFile({ store, firm: firmFiles, hash, signal: abort.signal, onProgress });
      return downloadFile({ store, firm: firmFiles, hash, now: input.now(), signal: abort.signal, onProgress });
    }
    const done = run()
      .catch((error: unknown) => err(error instanceof RemoteError ? error.error : input.onBug(error)))
      .then((outcome) => {
        if (!outcome.ok && !closing.signal.aborted) failed(hash, outcome.error);
        under.delete(hash);
        input.onChange(hash, outcome.ok && direction === 'down' ? 'came' : 'moved');
        return outcome;
      });
    under.set(hash, { done, abort, at });
    return done;
  }

  function note(hash: string, direction: 'up' | 'down'): Outcome<unknown> {
    return store.transaction((tx) => {
      tx.insert(fileTransfer)
        .values({ contentHash: hash, direction, chunksDone: 0, chunkCount: 0, attempts: 0, isCancelled: false, createdAt: input.now() })
        .onConflictDoUpdate({ target: fileTransfer.contentHash, set: { direction } })
        .run();
      return ok({});
    });
  }

  function failed(hash: string, error: AppError): void {
    if (error.code === 'cancelled') return;
    // where even this cannot be written, the next pass meets it again
    store.transaction((tx) => {
      const attempts = (transferOf(hash)?.attempts ?? 0) + (stopping.includes(error.code) ? 0 : 1);
      tx.update(fileTransfer).set({ lastError: error, attempts }).where(eq(fileTransfer.contentHash, hash)).run();
      return ok({});
    });
  }

  // the first pass of a run tries everything: a restart is what people do when something does not go
  const isDue = (hash: string): boolean => passes === 1 || passes % 2 ** Math.min(transferOf(hash)?.attempts ?? 0, mostDoublings) === 0;

  /** One file after another; a failure of its own leaves the next ones alone. Resolves to what stopped it. */
  async function lane(
    hashes: string[],
    direction: 'up' | 'down',
    mayBegin: (hash: string) => Promise<AppError | null>,
  ): Promise<AppError | null> {
    if (!firm) return null;
    for (const hash of hashes) {
      if (closing.signal.aborted) return null;
      if (!isDue(hash)) continue;
      const refused = await mayBegin(hash);
      if (refused) return refused;
      const outcome = await carry(hash, direction, firm);
      if (!outcome.ok && stopping.includes(outcome.error.code) && outcome.error.code !== 'cancelled') return outcome.error;
    }
    return null;
  }

  /**
   * Once a run: the firm may have lost files since it confirmed them. Its server was restored from a backup, or IT threw a broken one away.
   * Where such a file is still here it is sent again.
   */
  async function recheck(firmFiles: FirmFiles): Promise<void> {
    const hashes = confirmedFiles(store);
    for (let from = 0; from < hashes.length; from += mostAsked) {
      const some = hashes.slice(from, from + mostAsked);
      const states = await firmFiles.states(some);
      const lost = some.filter((hash) => !states.has(hash));
      if (lost.length > 0) unconfirmFiles(store, lost);
    }
    isRechecked = true;
  }

  async function pass(firmFiles: FirmFiles): Promise<void> {
    passes += 1;
    if (!isRechecked)
      await recheck(firmFiles).catch((error: unknown) => {
        if (!(error instanceof RemoteError)) throw error; // the next pass asks again
      });
    const goesOn = (): Promise<null> => Promise.resolve(null);
    const up = unconfirmedFiles(store);
    const asked = db.select().from(fileTransfer).where(eq(fileTransfer.direction, 'down')).all();
    const wanted = asked
      .filter(({ contentHash, isCancelled }) => !isCancelled && !hasFile(store, contentHash))
      .map((row) => row.contentHash);
    const pinned = missingPinned(store);
    const sizes = new Map(pinned.map(({ hash, sizeBytes }) => [hash, sizeBytes]));
    const fits = (hash: string): Promise<AppError | null> => makeRoomFor(firmFiles, sizes.get(hash) ?? 0);
    const [, , down] = await Promise.all([
      lane(
        up.filter(({ sizeBytes }) => sizeBytes <= smallBytes).map(({ contentHash }) => contentHash),
        'up',
        goesOn,
      ),
      lane(
        up.filter(({ sizeBytes }) => sizeBytes > smallBytes).map(({ contentHash }) => contentHash),
        'up',
        goesOn,
      ),
      lane(wanted, 'down', goesOn).then(
        (stopped) =>
          stopped ??
          lane(
            pinned.map(({ hash }) => hash),
            'down',
            fits,
          ),
      ),
    ]);
    if (closing.signal.aborted) return;
    problem = down?.code === 'full' ? down : null;
    await giveBack(firmFiles, 0);
  }

  async function giveBack(firmFiles: FirmFiles, neededBytes: number): Promise<boolean> {
    const busy = [...under.keys()];
    const room = await makeRoom({ store, firm: firmFiles, budgetGb: budgetGb(), busy, neededBytes }).catch((error: unknown) => {
      if (error instanceof RemoteError) return ok({ isRoom: false, given: [] }); // without the firm nothing is given back
      throw error;
    });
    if (!room.ok) return false;
    for (const hash of room.value.given) input.onChange(hash, 'went');
    if (room.value.given.length > 0) await shrinkStore(store, closing.signal);
    return room.value.isRoom;
  }

  /** Null where a pinned file may come. */
  async function makeRoomFor(firmFiles: FirmFiles, sizeBytes: number): Promise<AppError | null> {
    if ((await input.freeBytes()) < sizeBytes + reserveBytes) return diskFull;
    return (await giveBack(firmFiles, sizeBytes)) ? null : overBudget;
  }

  function wake(): void {
    isAsked = true;
    if (!firm || passing || closing.signal.aborted) return;
    const firmFiles = firm;
    passing = (async () => {
      while (isAsked && !closing.signal.aborted) {
        isAsked = false;
        await pass(firmFiles);
      }
    })()
      .catch((error: unknown) => void (problem = input.onBug(error)))
      .finally(() => (passing = null));
  }

  function view(hash: string, sizeBytes: number): FileView {
    if (hasFile(store, hash)) return { state: 'here', doneBytes: sizeBytes, sizeBytes, problem: null };
    const row = transferOf(hash);
    const running = under.get(hash)?.at;
    const at = running && running.of > 0 ? running : { done: row?.chunksDone ?? 0, of: row?.chunkCount ?? 0 };
    const done = doneBytes(at, sizeBytes);
    if (running) return { state: 'fetching', doneBytes: done, sizeBytes, problem: null };
    return {
      state: 'away',
      doneBytes: done,
      sizeBytes,
      problem: AppError.nullable()
        .catch(null)
        .parse(row?.lastError ?? null),
    };
  }

  const files: Files = {
    async fetch(hash) {
      const here = readFile(store, hash);
      if (here) return ok(here);
      if (!firm) return err({ code: 'not_found', what: 'the file of this document' });
      const brought = await carry(hash, 'down', firm);
      if (!brought.ok) return brought;
      const bytes = readFile(store, hash);
      return bytes ? ok(bytes) : err({ code: 'not_found', what: 'the file of this document' });
    },
    want(hash, sizeBytes) {
      const row = transferOf(hash);
      const isHeld = row !== undefined && (row.isCancelled || row.lastError !== null);
      if (firm && !isHeld && !hasFile(store, hash) && !closing.signal.aborted) void carry(hash, 'down', firm);
      return view(hash, sizeBytes);
    },
    fetchAgain(hash, sizeBytes) {
      store.transaction((tx) => {
        tx.update(fileTransfer).set({ isCancelled: false, lastError: null, attempts: 0 }).where(eq(fileTransfer.contentHash, hash)).run();
        return ok({});
      });
      return files.want(hash, sizeBytes);
    },
    view,
    async cancel(hash) {
      const outcome = store.transaction<Nothing>((tx) => {
        tx.update(fileTransfer).set({ isCancelled: true, lastError: null }).where(eq(fileTransfer.contentHash, hash)).run();
        return ok({});
      });
      const running = under.get(hash);
      running?.abort.abort();
      await running?.done;
      return outcome;
    },
    matter: (matterId) => viewMatterFiles(store, matterId),
    pin(matterId, isPinned) {
      const outcome = store.transaction<Nothing>((tx) => {
        if (!isPinned) tx.delete(matterPin).where(eq(matterPin.matterId, matterId)).run();
        else {
          tx.insert(matterPin).values({ matterId, pinnedAt: input.now() }).onConflictDoNothing().run();
          for (const { hash } of tx.select({ hash: document.contentHash }).from(document).where(eq(document.matterId, matterId)).all())
            tx.update(fileTransfer).set({ isCancelled: false }).where(eq(fileTransfer.contentHash, hash)).run();
        }
        return ok({});
      });
      if (outcome.ok) wake();
      return outcome;
    },
    setBudget(gb) {
      if (input.lockedBudgetGb !== null) return err(lockedBudget);
      const outcome = store.transaction<Nothing>((tx) => {
        tx.insert(fileSetting)
          .values({ only: 1, budgetGb: gb })
          .onConflictDoUpdate({ target: fileSetting.only, set: { budgetGb: gb } })
          .run();
        return ok({});
      });
      if (outcome.ok) wake();
      return outcome;
    },
    storage: () => viewStorage(store, input.lockedBudgetGb, problem, (hash) => under.get(hash)?.at),
    wake,
    async idle() {
      while (passing || under.size > 0) await Promise.all([passing, ...[...under.values()].map(({ done }) => done)]);
    },
    async stop() {
      closing.abort();
      for (const { abort } of under.values()) abort.abort();
      await files.idle();
    },
  };
  return files;
}

const diskFull: AppError = {
  code: 'full',
  what: 'more files on this laptop',
  reason:
    'The disk is almost full, so files of pinned matters are not fetched; each still comes when you open it. Nothing is lost: free some disk space, or unpin a matter.',
};
const overBudget: AppError = {
  code: 'full',
  what: 'all files of the pinned matters within the budget',
  reason: 'What is not here still comes when you open it. Raise the budget, or unpin a matter.',
};
const lockedBudget: AppError = { code: 'forbidden', what: 'the space for files', reason: 'Your firm has set it for all of its laptops.' };
