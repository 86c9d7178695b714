import type { WireRow } from '../../src/main/sync/entities.ts';
import { createInbox } from '../../src/main/sync/inbox.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../src/main/sync/letter-edit.ts';
import { rowsOf } from '../support/laptop.ts';
import { Violation, type Act, type Chapter, type Seat, type World } from './world.ts';

/** Matters and letters are opened, changed, typed into and finalized. */
export function matters(world: World): Chapter {
  const value = (): string => `value ${String(world.serial())}`;
  const aMatter = (): string | undefined => world.pick(world.made('matter'));
  const aLetter = (): string | undefined => world.pick(world.made('letter'));
  const openMatter = (seat: Seat): void =>
    world.write(seat, (c) => c.insert('matter', { matterId: world.newId(), title: value(), status: 'Open' }));
  const acts: Act[] = [
    { name: 'open a matter', weight: 8, run: openMatter },
    { name: 'begin a letter', weight: 10, run: beginLetter },
    patchOf('matter', 'change a title', 23, () => ({ title: world.random() < 0.05 ? '' : value() })),
    patchOf('matter', 'change a reference', 10, () => ({ caseReference: value() })),
    patchOf('matter', 'change both', 5, () => ({ title: value(), caseReference: value() })),
    patchOf('letter', 'name a letter', 10, () => ({ title: value() })),
    patchOf('letter', 'finalize a letter', 3, () => ({ status: 'Finalized' as const })),
    {
      name: 'type a sentence',
      weight: 27,
      run(seat) {
        const { store } = seat.laptop;
        const here = rowsOf(store, 'letter');
        const letterId = world.pick(world.made('letter').filter((id) => here.has(id)));
        if (letterId === undefined) {
          beginLetter(seat);
          return;
        }
        const updates = payloadsOf(rowsOf(store, 'letter_update').values(), letterId);
        if (updates.length === 0) return; // its first text has not arrived yet
        const text = `Sentence ${String(world.serial())} of history ${String(world.seed)}.`;
        const payload = Buffer.from(insertParagraph(mergeLetterUpdates(updates), '', text));
        world.write(seat, (c) => c.insert('letter_update', { updateId: world.newId(), letterId, payload }), text);
      },
    },
  ];

  function beginLetter(seat: Seat): void {
    const here = rowsOf(seat.laptop.store, 'matter');
    const matterId = world.pick(world.made('matter').filter((id) => here.has(id)));
    if (matterId === undefined) return;
    const letterId = world.newId();
    world.write(seat, (c) => {
      c.insert('letter', { letterId, matterId, title: value(), letterDate: '2024-06-01', status: 'Draft', metadata: {} });
      c.insert('letter_update', { updateId: world.newId(), letterId, payload: Buffer.from(letterBodyFromBlocks([])) });
    });
  }

  function patchOf(entity: 'matter' | 'letter', name: string, weight: number, fields: () => object): Act {
    return {
      name,
      weight,
      run(seat) {
        const id = entity === 'matter' ? aMatter() : aLetter();
        if (id !== undefined) world.write(seat, (c) => c.patch(entity, id, fields()));
        else openMatter(seat);
      },
    };
  }

  return {
    acts,
    check() {
      const rows = [...(world.firm.rows.get('letter_update')?.values() ?? [])].map(({ row }) => row);
      const bodies = new Map<string, string>();
      for (const { text, patch, mutationId } of world.written.values()) {
        if (text === null || world.firm.verdicts.get(mutationId)?.verdict === 'rejected') continue;
        const letterId = String(patch['letter_id']);
        const body = bodies.get(letterId) ?? JSON.stringify(blocksFromLetterBody(mergeLetterUpdates(payloadsOf(rows, letterId))));
        bodies.set(letterId, body);
        if (!body.includes(text)) throw new Violation(`“${text}” is not in its letter`);
      }
    },
  };
}

/** People decide what sync could not: conflicts and refused changes. */
export function decisions(world: World): Chapter {
  return {
    acts: [
      {
        name: 'decide',
        weight: 12,
        run(seat) {
          const { laptop } = seat;
          const inbox = createInbox({
            store: laptop.store,
            write: laptop.write,
            userId: laptop.userId,
            onDecided: () => seat.loop?.nudge(),
          });
          const [deadLetter] = inbox.deadLetters();
          const [conflict] = inbox.conflicts();
          const isFirst = world.random() < 0.5;
          if (deadLetter) world.record(seat, () => void inbox.decide(deadLetter.mutationId, isFirst ? 'retry' : 'discard'));
          else if (conflict) world.record(seat, () => void inbox.resolve(conflict.conflictId, isFirst ? 'mine' : 'theirs'));
        },
      },
    ],
  };
}

/** What goes wrong around people: crashes, bad networks, a server that restarts, closed lids, clocks that are years off. */
export function mishaps(world: World): Chapter {
  const { random } = world;
  const tenYearsMs = 10 * 365.25 * 86_400_000;
  const forAWhile = (): number => random() ** 2 * 90_000;
  const setClock = (seat: Seat): void =>
    void (seat.clock.aheadMs = world.pick([0, 1, -1, random(), -random()].map((part) => part * tenYearsMs)) ?? 0);
  for (const seat of world.seats) if (random() < 0.7) setClock(seat);
  return {
    acts: [
      { name: 'crash', weight: 3, run: (seat) => seat.turnOff(forAWhile()) },
      { name: 'close the lid', weight: 2, run: (seat) => seat.sleep(random() ** 3 * 86_400_000) },
      { name: 'set the clock', weight: 3, run: setClock },
      { name: 'refused', weight: 3, run: ({ line }) => line.fail('refused', forAWhile()) },
      { name: 'silent', weight: 4, run: ({ line }) => line.fail('silent', forAWhile()) },
      { name: 'stalled', weight: 4, run: ({ line }) => line.fail('stalled', forAWhile()) },
      { name: 'reset', weight: 3, run: ({ line }) => line.reset() },
      {
        name: 'the server restarts',
        weight: 2,
        run() {
          const ms = forAWhile();
          for (const { line } of world.seats) {
            line.reset();
            line.fail('refused', ms);
          }
        },
      },
    ],
  };
}

function payloadsOf(rows: Iterable<WireRow>, letterId: string): Buffer[] {
  return [...rows].filter((row) => row['letter_id'] === letterId).map((row) => Buffer.from(String(row['payload']).slice(2), 'hex'));
}
