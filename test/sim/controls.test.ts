import { eq } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';
import { ok } from '../../src/shared/result.ts';
import { syncState } from '../../src/main/store/schema.ts';
import type { Store } from '../../src/main/store/store.ts';
import { entityShape } from '../../src/main/sync/entities.ts';
import { forget, nextBatch, rebase, type Mutation } from '../../src/main/sync/outbox.ts';
import type { pullOnce } from '../../src/main/sync/pull.ts';
import { settle, type pushWaiting } from '../../src/main/sync/push.ts';
import type { FeedPage, Remote } from '../../src/main/sync/remote.ts';
import { violationOf } from './history.ts';
import type { Protocol } from './world.ts';

/*
 * Each protection switched off, in the loop that laptops really run: the histories have to find it. What they would not find here they
 * would not find in `sync.test.ts` either.
 */

const replaced = vi.hoisted(() => ({ push: new WeakMap<object, typeof pushWaiting>(), pull: new WeakMap<object, typeof pullOnce>() }));
vi.mock(import('../../src/main/sync/push.ts'), async (original) => {
  const real = await original();
  return { ...real, pushWaiting: (store, ...rest) => (replaced.push.get(store) ?? real.pushWaiting)(store, ...rest) };
});
vi.mock(import('../../src/main/sync/pull.ts'), async (original) => {
  const real = await original();
  return { ...real, pullOnce: (store, ...rest) => (replaced.pull.get(store) ?? real.pullOnce)(store, ...rest) };
});
const pushing = (push: typeof pushWaiting): Protocol => ({ onStore: (store) => replaced.push.set(store, push) });
const pulling = (pull: typeof pullOnce): Protocol => ({ onStore: (store) => replaced.pull.set(store, pull) });

/** The first thing that goes wrong with a protection switched off, or null where nothing does within 150 histories. */
async function firstViolation(protocol: Protocol): Promise<string | null> {
  for (let seed = 1; seed <= 150; seed += 1) {
    const violation = await violationOf(seed, protocol);
    if (violation) return violation.message;
  }
  return null;
}

/** Like `pushWaiting`, with another idea of what to send. */
function pushOf(choose: (store: Store) => ReturnType<typeof nextBatch>): typeof pushWaiting {
  return async (store, remote) => {
    const batch = choose(store);
    if (batch.length === 0) return { did: 'nothing', refused: 0, proposed: 0, takenBack: [] };
    const { settled, ...rest } = settle(store, batch, await remote.push(batch));
    return { did: settled > 0 ? 'pushed' : 'nothing', ...rest };
  };
}
const everything = (store: Store): ReturnType<typeof nextBatch> =>
  nextBatch(store, { most: 500, mostBytes: 4_000_000, understands: () => true });

test('[S1] control: a row that is committed before its outbox entry stays on its laptop for ever', async () => {
  const writesTo = (store: Store): Store => {
    let later: (() => void)[] = [];
    const compiled: Store['compiled'] = (sql) => {
      const statement = store.compiled(sql);
      if (!sql.startsWith('insert into outbox')) return statement;
      return { run: (...given: unknown[]) => void later.push(() => statement.run(...given)) } as unknown as typeof statement;
    };
    return {
      ...store,
      compiled,
      transaction(work) {
        later = [];
        const outcome = store.transaction(work);
        store.transaction(() => {
          for (const run of later) run();
          return ok({});
        });
        return outcome;
      },
    };
  };
  expect(await firstViolation({ writesTo })).toMatch(/rows of|differs in/);
});

test('[S2] control: an outbox emptied before the verdicts are in loses acknowledged work', async () => {
  const push = pushOf((store) => {
    const batch = everything(store);
    store.transaction(() => {
      for (const { mutationId } of batch) forget(store, mutationId);
      return ok({});
    });
    return batch;
  });
  expect(await firstViolation(pushing(push))).toMatch(/never reached the firm|rows of|differs in|was passed by a later change/);
});

test('[S2] control: a loop that takes its time does not drain in two seconds', async () => {
  expect(await firstViolation({ sluggishness: 15 })).toMatch(/still waits/);
});

test('[S3] control: a firm that forgets its first verdicts applies changes twice', async () => {
  expect(await firstViolation({ server: { forgetsVerdicts: true } })).toMatch(/was applied \d+ times/);
});

test('[S4] control: a laptop that does not wait behind a refused change passes it', async () => {
  const push = pushOf((store) => {
    const rows = store.raw
      .prepare(
        `select mutation_id as "mutationId", entity, entity_id as "entityId", op, base_revision as "baseRevision", patch
         from outbox where state = 'waiting' order by sequence`,
      )
      .all() as (Omit<Mutation, 'patch'> & { patch: string })[];
    return rows.map((row) => ({ ...row, patch: JSON.parse(row.patch) as Mutation['patch'] }));
  });
  expect(await firstViolation(pushing(push))).toMatch(/over a refused one/);
});

test('[S4] control: a firm that judges each change alone fences nothing', async () => {
  const remote = (line: Remote): Remote => ({
    ...line,
    push: async (batch) => (await Promise.all(batch.map((one) => line.push([one])))).flat(),
  });
  expect(await firstViolation({ remote })).toMatch(/over a refused one/);
});

test('[S5] control: a cursor that moves before its page is applied leaves laptops behind for ever', async () => {
  const pull: typeof pullOnce = async (store, remote) => {
    const page = await remote.pull(store.db.select().from(syncState).get()?.cursor ?? 0, 200);
    store.transaction((db) => {
      db.update(syncState).set({ cursor: page.position }).where(eq(syncState.only, 1)).run();
      return ok({});
    });
    store.transaction(() => {
      for (const { entity, entityId, row } of page.changes) {
        const shape = entityShape(entity);
        if (shape) rebase(store, shape, entityId, row);
      }
      return ok({});
    });
    return { more: page.more, touched: [], wentBack: false, stale: null };
  };
  expect(await firstViolation(pulling(pull))).toMatch(/differs in|rows of/);
});

test('[S8] control: a firm where the last push wins loses values', async () => {
  expect(await firstViolation({ server: { lastPushWins: true } })).toMatch(/was lost without a conflict/);
});

test('[S9] control: a feed with a gap that is filled later leaves laptops behind for ever', async () => {
  const remote = (line: Remote, random: () => number): Remote => ({
    ...line,
    async pull(after, most) {
      const page = await line.pull(after, most);
      // somebody's transaction took its position early and commits late
      return random() < 0.02 ? { ...page, changes: page.changes.slice(0, -1) } : page;
    },
  });
  expect(await firstViolation({ remote })).toMatch(/differs in|rows of/);
});

test('[S9] control: a feed that brings a matter after its letters shows letters without a matter', async () => {
  const remote = (line: Remote): Remote => {
    const known = new Set<string>();
    let late: FeedPage['changes'] = [];
    return {
      ...line,
      async pull(after, most) {
        const page = await line.pull(after, most);
        const isNew = (change: FeedPage['changes'][number]): boolean => change.entity === 'matter' && !known.has(change.entityId);
        const changes = [...page.changes.filter((change) => !isNew(change)), ...late];
        late = page.changes.filter(isNew);
        for (const { entityId } of late) known.add(entityId);
        return { ...page, changes };
      },
    };
  };
  expect(await firstViolation({ remote })).toMatch(/without its matter/);
});

test('[S11] control: an outbox in the order of the laptop’s clock lets later changes pass earlier ones', async () => {
  const push = pushOf((store) => {
    const order = store.raw.prepare('select mutation_id from outbox order by created_at').pluck().all() as string[];
    const place = (id: string): number => order.indexOf(id);
    return everything(store)
      .sort((a, b) => place(a.mutationId) - place(b.mutationId))
      .slice(0, 1);
  });
  expect(await firstViolation(pushing(push))).toMatch(/was passed by a later change|over a refused one/);
});
