import { expect, test } from 'vitest';
import type { LetterId } from '../../src/shared/ids.ts';
import { ok } from '../../src/shared/result.ts';
import { createHistory, type History } from '../../src/main/drafting/drafting.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();

interface Desk {
  laptop: TestLaptop;
  remote: Remote;
  history: History;
}
async function aDesk(firm: 'one' | 'two', role: 'Attorney' | 'Paralegal' | 'Viewer'): Promise<Desk> {
  const laptop = makeLaptop();
  const remote = await world.connect(firm, role, laptop.deviceId);
  const { userId } = await remote.whoami();
  const { store, write } = laptop;
  return {
    laptop,
    remote,
    history: createHistory({ store, write, clock: { now: () => Date.now() }, account: { userId, firstName: role, lastName: 'Marsh' } }),
  };
}
async function sync(...desks: Desk[]): Promise<void> {
  for (const { laptop, remote } of [...desks, ...desks]) {
    while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
    while ((await pullOnce(laptop.store, remote, () => 0)).more);
  }
}
const asked = {
  kind: 'section',
  instruction: 'Add the MRI',
  about: { title: 'Facts', pages: [] as never[] },
  provider: 'openai',
  model: 'a-model',
  prompt: 'draft/1',
} as const;

/** Two people of a firm, a letter, and a request of the paralegal that was answered. */
async function requested(): Promise<{ hers: Desk; his: Desk; letterId: LetterId; refinementId: string }> {
  const [hers, his] = [await aDesk('one', 'Attorney'), await aDesk('one', 'Paralegal')];
  const [matterId, letterId] = [freshId(), freshId() as LetterId];
  must(
    hers.laptop.write((change) => {
      change.insert('matter', { matterId, title: 'x', status: 'Open' });
      change.insert('letter', { letterId, matterId, title: 'x', letterDate: '2024-06-01', status: 'Draft', metadata: {} });
      return ok({});
    }),
  );
  await sync(hers, his);
  const begun = must(his.history.begin({ ...asked, letterId }));
  must(
    his.laptop.write((change) => {
      const call = {
        callId: freshId(),
        matterId,
        documentId: null,
        task: 'draft',
        provider: 'openai',
        model: 'a-model',
        promptId: 'draft',
        promptVersion: 1,
      };
      const spent = {
        promptHash: 'a'.repeat(64),
        inputTokens: 10,
        outputTokens: 5,
        cachedTokens: 0,
        costMicrodollars: 420,
        isEstimate: false,
        attempt: 1,
      };
      change.insert('assistant_call', {
        ...call,
        ...spent,
        outcome: 'answered',
        durationMs: 1,
        calledAt: Date.now(),
        refinementId: begun.refinementId,
      });
      his.history.complete(change, begun, { suggestions: [], refused: 1, answer: null });
      return ok({});
    }),
  );
  return { hers, his, letterId, refinementId: begun.refinementId };
}

test('a request is on record at the firm and on the other laptops, with who asked and what it cost; nothing is refused', async () => {
  const { hers, his, letterId, refinementId } = await requested();
  await sync(hers, his);
  expect(outboxOf(his.laptop.store)).toEqual([]);
  for (const { history } of [hers, his])
    expect(history.of(letterId)).toMatchObject({
      requests: [
        {
          refinementId,
          kind: 'section',
          instruction: 'Add the MRI',
          about: 'Facts',
          state: 'done',
          refused: 1,
          calls: 1,
          costMicrodollars: 420,
        },
      ],
      costMicrodollars: 420,
      calls: 1,
    });
  const [row] = [...rowsOf(hers.laptop.store, 'ai_refinement').values()];
  expect(row?.['requested_by']).toBe((await his.remote.whoami()).userId);
  expect(row?.['completed_at']).not.toBeNull();
  // a viewer reads it, another firm hears nothing of it
  const [viewer, stranger] = [await aDesk('one', 'Viewer'), await aDesk('two', 'Attorney')];
  await sync(viewer, stranger);
  expect(viewer.history.of(letterId).requests).toHaveLength(1);
  expect(rowsOf(stranger.laptop.store, 'ai_refinement').size).toBe(0);
});

test('what was asked and how it ended never changes, and only who asked says how it ended', async () => {
  const { hers, his, letterId, refinementId } = await requested();
  await sync(hers, his);
  const patches = [{ instruction: 'other' }, { kind: 'letter' }, { output_content: '{}' }, { status: 'Failed', error_message: 'x' }];
  const verdicts = async (desk: Desk, of: string, values: Record<string, unknown>[]) => {
    const reasons: (string | null | undefined)[] = [];
    for (const patch of values) reasons.push((await desk.remote.push([patching('ai_refinement', of, 3, patch)]))[0]?.reason);
    return reasons;
  };
  expect(await verdicts(his, refinementId, patches)).toEqual(['append_only', 'append_only', 'refinement_finished', 'refinement_finished']);
  const open = must(his.history.begin({ ...asked, letterId }));
  await sync(his, hers);
  expect(await verdicts(hers, open.refinementId, [{ status: 'Completed', output_content: 'forged' }])).toEqual(['not_author']);
  expect(await verdicts(his, open.refinementId, [{ status: 'Completed', output_content: '{}' }])).toEqual([undefined]);
});

test('a viewer puts nothing on record', async () => {
  const viewer = await aDesk('one', 'Viewer');
  const { hers, letterId } = await requested();
  await sync(hers, viewer);
  must(viewer.history.begin({ ...asked, letterId }));
  await sync(viewer, hers);
  expect(outboxOf(viewer.laptop.store)[0]?.state).toBe('dead');
  expect(hers.history.of(letterId).requests).toHaveLength(0);
});
