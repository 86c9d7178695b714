import { isDeepStrictEqual } from 'node:util';
import { ok } from '../../src/shared/result.ts';
import { idOf } from '../../src/main/host/ids.ts';
import type { Store } from '../../src/main/store/store.ts';
import { entityShape, type WireRow } from '../../src/main/sync/entities.ts';
import { createInbox } from '../../src/main/sync/inbox.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../src/main/sync/letter-edit.ts';
import type { Change } from '../../src/main/sync/outbox.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushOnce } from '../../src/main/sync/push.ts';
import { RemoteError, type Remote } from '../../src/main/sync/remote.ts';
import { createFakeServer, type FakeFirm, type FakeServerOptions } from '../support/fake-remote.ts';
import { copyLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { Crash, crashingStore, faultyLine, seeded, type FaultyLine } from './faulty-line.ts';

type Line = Pick<Remote, 'push' | 'pull'>;

/** How a laptop talks to the firm. The real one by default; a control replaces one part by a plausible wrong one. */
export interface Protocol {
  server?: FakeServerOptions;
  push?(store: Store, remote: Line): Promise<{ did: 'nothing' | 'pushed' }>;
  pull?(store: Store, remote: Line): Promise<{ more: boolean }>;
}

/** A promise of sync was broken. */
export class Violation extends Error {}

/** What somebody wrote and was told is kept. */
interface Written {
  mutationId: string;
  laptop: number;
  entity: string;
  entityId: string;
  patch: WireRow;
  /** What the row showed before. */
  seen: WireRow;
  text: string | null;
}
interface Seat {
  laptop: TestLaptop;
  line: FaultyLine;
}

const uniqueFields: Record<string, string[]> = { matter: ['title', 'case_reference'], letter: ['title'] };

/** One random history of a firm: 2 to 4 laptops, lost and doubled messages, crashes. Throws Violation where a promise does not hold. */
export async function runHistory(seed: number, protocol: Protocol = {}): Promise<{ writes: number; conflicts: number; dead: number }> {
  const random = seeded(seed);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  let ids = 0;
  const newId = (): string => idOf('simulation', seed, (ids += 1));
  const server = createFakeServer({ newId, ...protocol.server });
  const firm = server.addFirm();
  const push = protocol.push ?? ((store, remote) => pushOnce(store, remote as Remote));
  const pull = protocol.pull ?? ((store, remote) => pullOnce(store, remote as Remote, () => 0));
  const seats: Seat[] = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, n) => {
    const laptop = copyLaptop(newId);
    return { laptop, line: faultyLine(server.signIn(firm, n === 0 ? 'Paralegal' : 'Attorney', laptop.deviceId), random) };
  });
  const written = new Map<string, Written>();
  const matters: string[] = [];
  const letters: string[] = [];
  let serial = 0;
  let dead = 0;

  /** Runs one act on a laptop, which may die in it; whatever reached its disk counts as written. */
  function act(n: number, { laptop }: Seat, work: (store: Store) => void, text: string | null = null): void {
    const before = new Set(outboxOf(laptop.store).map(({ mutation_id }) => mutation_id));
    const shown = (entity: string, id: string): WireRow => structuredClone(rowsOf(laptop.store, entity).get(id) ?? {});
    const snapshot = new Map([
      ...matters.map((id) => [id, shown('matter', id)] as const),
      ...letters.map((id) => [id, shown('letter', id)] as const),
    ]);
    work(laptop.store);
    for (const { mutation_id: mutationId, entity, entity_id: entityId } of outboxOf(laptop.store)) {
      if (before.has(mutationId)) continue;
      const { patch } = laptop.store.raw.prepare('select patch from outbox where mutation_id = ?').get(mutationId) as { patch: string };
      const isText = entity === 'letter_update';
      written.set(mutationId, {
        mutationId,
        laptop: n,
        entity,
        entityId,
        patch: JSON.parse(patch) as WireRow,
        seen: snapshot.get(entityId) ?? {},
        text: isText ? text : null,
      });
    }
  }
  const write = (n: number, seat: Seat, work: (change: Change) => unknown, text: string | null = null): void =>
    act(n, seat, () => void must(seat.laptop.write((change) => ok({ done: work(change) }))), text);

  function edit(n: number, seat: Seat): void {
    const { store } = seat.laptop;
    const letterId = pick(letters.filter((id) => rowsOf(store, 'letter').has(id)));
    if (letterId === undefined) return;
    const updates = payloadsOf(rowsOf(store, 'letter_update').values(), letterId);
    if (updates.length === 0) return; // its first text has not arrived yet
    const text = `Sentence ${String((serial += 1))} of history ${String(seed)}.`;
    const payload = Buffer.from(insertParagraph(mergeLetterUpdates(updates), '', text));
    write(n, seat, (change) => change.insert('letter_update', { updateId: newId(), letterId, payload }), text);
  }

  function change(n: number, seat: Seat): void {
    const { laptop } = seat;
    const matterId = pick(matters);
    const letterId = pick(letters);
    const value = `value ${String((serial += 1))}`;
    const kind = random();
    if (matterId === undefined || kind < 0.1) {
      const id = newId();
      matters.push(id);
      write(n, seat, (c) => c.insert('matter', { matterId: id, title: value, status: 'Open' }));
    } else if (kind < 0.2 && rowsOf(laptop.store, 'matter').has(matterId)) {
      const id = newId();
      letters.push(id);
      write(n, seat, (c) => {
        c.insert('letter', { letterId: id, matterId, title: value, letterDate: '2024-06-01', status: 'Draft', metadata: {} });
        c.insert('letter_update', { updateId: newId(), letterId: id, payload: Buffer.from(letterBodyFromBlocks([])) });
      });
    } else if (kind < 0.45) write(n, seat, (c) => c.patch('matter', matterId, { title: random() < 0.05 ? '' : value }));
    else if (kind < 0.55) write(n, seat, (c) => c.patch('matter', matterId, { caseReference: value }));
    else if (kind < 0.6) write(n, seat, (c) => c.patch('matter', matterId, { title: `${value} t`, caseReference: `${value} r` }));
    else if (kind < 0.7 && letterId !== undefined) write(n, seat, (c) => c.patch('letter', letterId, { title: value }));
    else if (kind < 0.73 && letterId !== undefined) write(n, seat, (c) => c.patch('letter', letterId, { status: 'Finalized' }));
    else edit(n, seat);
  }

  function decide(n: number, seat: Seat): void {
    const { laptop } = seat;
    const inbox = createInbox({ store: laptop.store, write: laptop.write, userId: laptop.userId, onDecided: () => undefined });
    const [deadLetter] = inbox.deadLetters();
    const [conflict] = inbox.conflicts();
    if (deadLetter) act(n, seat, () => void inbox.decide(deadLetter.mutationId, random() < 0.5 ? 'retry' : 'discard'));
    else if (conflict) act(n, seat, () => void inbox.resolve(conflict.conflictId, random() < 0.5 ? 'mine' : 'theirs'));
  }

  /** A round of sync that may be cut anywhere, by the line or by the laptop's death. */
  async function sync(seat: Seat, isHealthy: boolean): Promise<void> {
    const { laptop, line } = seat;
    const store = isHealthy ? laptop.store : crashingStore(laptop.store, random);
    try {
      while ((await push(store, line.remote)).did === 'pushed');
      while ((await pull(store, line.remote)).more);
    } catch (error) {
      if (error instanceof Crash) laptop.reopen();
      else if (!(error instanceof RemoteError)) throw error;
    }
  }

  try {
    const steps = 25 + Math.floor(random() * 35);
    for (let step = 0; step < steps; step += 1) {
      const n = Math.floor(random() * seats.length);
      const seat = seats[n];
      if (!seat) continue;
      const what = random();
      if (what < 0.5) change(n, seat);
      else if (what < 0.56) decide(n, seat);
      else if (what < 0.6) seat.laptop.reopen();
      else if (what < 0.65) await seat.line.deliverLate();
      else await sync(seat, false);
    }
    for (const { line } of seats) line.heal();
    const settle = async (): Promise<void> => {
      for (let round = 0; round < 2; round += 1) for (const seat of seats) await sync(seat, true);
    };
    await settle();
    for (const { laptop } of seats) {
      const rows = outboxOf(laptop.store);
      dead += rows.filter(({ state }) => state === 'dead').length;
      const stuck = rows.find(
        (row) => row.state === 'waiting' && !rows.some((other) => other.state === 'dead' && other.entity_id === row.entity_id),
      );
      if (stuck) throw new Violation(`a ${stuck.entity} still waits in the outbox`);
    }
    // what was refused is let go by its owner, and what waited behind it goes
    for (let guard = 0; seats.some(({ laptop }) => outboxOf(laptop.store).length > 0); guard += 1) {
      if (guard > 50) throw new Violation('an outbox never empties');
      for (const { laptop } of seats) laptop.store.raw.prepare(`delete from outbox where state = 'dead'`).run();
      await settle();
    }
    checkPromises(firm, seats, [...written.values()]);
    return { writes: written.size, conflicts: firm.rows.get('conflict')?.size ?? 0, dead };
  } finally {
    for (const { laptop } of seats) laptop.store.close();
  }
}

function checkPromises(firm: FakeFirm, seats: Seat[], written: Written[]): void {
  for (const [n, { laptop }] of seats.entries()) {
    for (const [entity, table] of firm.rows) {
      const mine = rowsOf(laptop.store, entity);
      const shape = entityShape(entity);
      if (mine.size !== table.size)
        throw new Violation(`laptop ${String(n)} has ${String(mine.size)} of ${String(table.size)} rows of ${entity}`);
      for (const [id, { row }] of table) {
        const expected = Object.fromEntries([...(shape?.columns.keys() ?? [])].map((name) => [name, row[name] ?? null]));
        if (!isDeepStrictEqual(mine.get(id), expected)) {
          throw new Violation(
            `laptop ${String(n)} differs in a ${entity}: ${JSON.stringify(mine.get(id))} is not ${JSON.stringify(expected)}`,
          );
        }
      }
    }
  }
  for (const [mutationId, times] of firm.judged)
    if (times !== 1) throw new Violation(`mutation ${mutationId} was applied ${String(times)} times`);

  const accepted = written.filter(({ mutationId }) => firm.verdicts.get(mutationId)?.verdict !== 'rejected');
  const conflicts = [...(firm.rows.get('conflict')?.values() ?? [])].map(({ row }) => row);
  for (const one of accepted) {
    if (!firm.judged.has(one.mutationId)) throw new Violation(`an acknowledged change of a ${one.entity} never reached the firm`);
    if (one.text !== null) {
      const letterId = String(one.patch['letter_id']);
      const rows = [...(firm.rows.get('letter_update')?.values() ?? [])].map(({ row }) => row);
      const body = JSON.stringify(blocksFromLetterBody(mergeLetterUpdates(payloadsOf(rows, letterId))));
      if (!body.includes(one.text)) throw new Violation(`“${one.text}” is not in its letter`);
    }
    for (const field of uniqueFields[one.entity] ?? []) {
      if (field in one.patch && isLost(one, field, firm, written, conflicts))
        throw new Violation(
          `${field} ${JSON.stringify(one.patch[field])} was lost without a conflict: ${traceOf(one.entityId, field, firm, written)}`,
        );
    }
  }
}

/** A value may leave a row only by a change from a laptop that had shown it, or into a conflict. */
function isLost(one: Written, field: string, firm: FakeFirm, written: Written[], conflicts: WireRow[]): boolean {
  const value = one.patch[field];
  if (firm.rows.get(one.entity)?.get(one.entityId)?.row[field] === value) return false;
  if (
    conflicts.some(
      ({ entity_id: id, proposed, current }) =>
        id === one.entityId && [proposed, current].some((side) => (side as WireRow)[field] === value),
    )
  )
    return false;
  const others = written.filter((other) => other !== one && other.entityId === one.entityId && field in other.patch);
  const shownOn = new Set([one.laptop, ...others.filter((other) => other.seen[field] === value).map(({ laptop }) => laptop)]);
  return !others.some((other) => shownOn.has(other.laptop) && firm.verdicts.get(other.mutationId)?.verdict !== 'rejected');
}

/** For a person who has to find out why: every change of that field, who made it, what they saw, what the firm said. */
function traceOf(entityId: string, field: string, firm: FakeFirm, written: Written[]): string {
  const touching = written.filter((one) => one.entityId === entityId && field in one.patch);
  return touching
    .map(
      ({ laptop, patch, seen, mutationId }) =>
        `${String(laptop)}: ${String(seen[field])} -> ${String(patch[field])} ${firm.verdicts.get(mutationId)?.verdict ?? '?'}`,
    )
    .join('; ');
}

function payloadsOf(rows: Iterable<WireRow>, letterId: string): Buffer[] {
  return [...rows].filter((row) => row['letter_id'] === letterId).map((row) => Buffer.from(String(row['payload']).slice(2), 'hex'));
}
