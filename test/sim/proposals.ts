import { blocksFromLetterBody, mergeLetterUpdates } from '../../src/main/sync/letter-doc.ts';
import { createProposals } from '../../src/main/sync/proposals.ts';
import type { WireRow } from '../../src/main/sync/entities.ts';
import { tableOf } from '../support/fake-remote.ts';
import { Violation, type Act, type Chapter, type World, type Written } from './world.ts';

/**
 * Letters are finalized, archived and deleted, and people lose their role, while others work on without a line. What came too late is a
 * proposal that somebody accepts or dismisses: it is never lost, and never in the letter without a decision.
 */
export function proposals(world: World): Chapter {
  const { firm, server, random } = world;
  const proposalRows = (): WireRow[] => [...tableOf(firm, 'proposal').values()].map(({ row }) => row);
  const aLetter = (): string | undefined => world.pick(world.made('letter'));
  const noWords = { before: '', after: '', loose: null };

  const acts: Act[] = [
    patchLetter('finalize another letter', 8, 'Finalized'),
    patchLetter('archive a letter', 4, 'Archived'),
    {
      name: 'an administrator deletes a letter',
      weight: 2,
      run() {
        const id = aLetter();
        const found = id === undefined ? undefined : tableOf(firm, 'letter').get(id);
        if (!id || found?.row['deleted_at'] !== null) return;
        found.row = { ...found.row, deleted_at: '2026-01-01T00:00:00.000Z', revision: Number(found.row['revision']) + 1 };
        firm.feed.push({ entity: 'letter', entityId: id });
      },
    },
    {
      name: 'lose a role for a while',
      weight: 6,
      async run({ laptop, role, loop }) {
        server.setRole(laptop.deviceId, 'Viewer');
        loop?.nudge();
        await world.time.pass(500 + random() * 4_000);
        server.setRole(laptop.deviceId, role);
        // what could not be seen meanwhile is read again, as with every change of a role
        laptop.store.raw.exec('update sync_state set cursor = 0');
      },
    },
    {
      name: 'decide a proposal',
      weight: 14,
      run(seat) {
        const { laptop, role } = seat;
        const mine = createProposals({
          ...{ store: laptop.store, write: laptop.write, userId: laptop.userId, role },
          letterWith: () => noWords,
        });
        const item = world.pick(mine.lists().toDecide.filter(({ mayNotAccept }) => mayNotAccept === null));
        if (!item) return;
        const decision = random() < 0.7 ? 'accepted' : 'dismissed';
        world.count(decision);
        world.record(seat, () => void mine.decide(item.proposalIds, decision));
      },
    },
  ];

  function patchLetter(name: string, weight: number, status: 'Finalized' | 'Archived'): Act {
    return {
      name,
      weight,
      run(seat) {
        const id = aLetter();
        if (id !== undefined && seat.role === 'Attorney') world.write(seat, (c) => c.patch('letter', id, { status }));
      },
    };
  }

  // a value that an accepted proposal replaced was replaced by somebody's decision
  world.isKeptElsewhere = (one: Written) =>
    proposalRows().some((row) => {
      const shared = Object.keys(row['patch'] as WireRow).some((field) => field in one.patch);
      return row['state'] === 'accepted' && shared && [row['entity_id'], row['accepted_into']].includes(one.entityId);
    }) && world.firm.judged.has(one.mutationId);

  return {
    acts,
    check() {
      const rows = proposalRows();
      const byMutation = new Map(rows.map((row) => [String(row['mutation_id']), row]));
      const bodies = new Map<string, string>();
      const bodyOf = (letterId: string): string => {
        const updates = [...tableOf(firm, 'letter_update').values()].filter(({ row }) => row['letter_id'] === letterId);
        const body =
          bodies.get(letterId) ?? JSON.stringify(blocksFromLetterBody(mergeLetterUpdates(updates.map(({ row }) => bytesOf(row)))));
        bodies.set(letterId, body);
        return body;
      };
      for (const [mutationId, verdict] of firm.verdicts) {
        if (!verdict.proposal) continue;
        const row = byMutation.get(mutationId);
        const one = world.written.get(mutationId);
        if (!row) throw new Violation(`a change of a ${one?.entity ?? 'row'} is in no proposal, in no letter and in no outbox`);
        if (JSON.stringify(row['patch']) !== JSON.stringify(one?.patch)) throw new Violation('a proposal is not what its author wrote');
        world.count(`proposed: ${String(row['reason'])}`);
        if (!one || one.text === null) continue;
        const into = row['state'] === 'accepted' ? String(row['accepted_into']) : String(one.patch['letter_id']);
        const isThere = bodyOf(into).includes(one.text);
        if (isThere && row['state'] !== 'accepted') throw new Violation(`“${one.text}” is in its letter without a decision`);
        if (!isThere && row['state'] === 'accepted') throw new Violation(`“${one.text}” was accepted and is not in the letter`);
      }
    },
  };
}

function bytesOf(row: WireRow): Buffer {
  return Buffer.from(String(row['payload']).slice(2), 'hex');
}
