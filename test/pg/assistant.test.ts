import { expect, test } from 'vitest';
import { effectivePolicy, firmPolicy, matterPolicy, spentInMonth, spentOn } from '../../src/main/ai/ai.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createKeys } from '../../src/main/ai/keys.ts';
import { createSettings } from '../../src/main/settings/settings.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { asTheFirm, offlinePolicy } from '../../src/shared/ai.ts';
import { FirmId, UserId } from '../../src/shared/ids.ts';
import type { Role } from '../../src/shared/session.ts';
import { makeHost } from '../support/fake-host.ts';
import { makeLaptop, must, outboxOf, type TestLaptop } from '../support/laptop.ts';
import { aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const lines = new Map<Role, Remote>();
for (const role of ['Admin', 'Attorney', 'Paralegal', 'Viewer'] as const) lines.set(role, await world.connect('one', role));
const by = (role: Role): Remote => lines.get(role) ?? expect.fail(role);
const verdictsOf = async (role: Role, ...batch: Mutation[]): Promise<string[]> =>
  (await by(role).push(batch)).map(({ verdict, reason }) => reason ?? verdict);

const matter = aMatter();
const bill = inserting('document', {
  matter_id: matter.entityId,
  file_name: 'a',
  relative_path: 'a',
  file_type: 'x',
  file_size: 1,
  content_hash: 'a'.repeat(64),
});
const text = 'Claim No. CLM-2024-88';
await by('Attorney').push([
  matter,
  bill,
  inserting('page', { document_id: bill.entityId, page_number: 1, extracted_text: `The adjuster: Dana Whitfield\n${text}` }),
]);

async function synced(laptop: TestLaptop, role: Role): Promise<void> {
  while ((await pushWaiting(laptop.store, by(role))).did === 'pushed');
  while ((await pullOnce(laptop.store, by(role), () => 0)).more);
}
const settingsOn = (laptop: TestLaptop, role: Role) => {
  const host = makeHost();
  const account = {
    userId: UserId.parse(firms.one.userIds[role]),
    firmId: FirmId.parse(firms.one.firmId),
    firmName: 'x',
    firmSlug: 'x',
    email: 'x@x.example',
    firstName: 'x',
    lastName: 'x',
    role,
  };
  return createSettings({ store: laptop.store, write: laptop.write, keys: createKeys(host.secrets, 'keys'), account, clock: host.clock });
};

test('what the firm decides reaches every laptop; of a matter an attorney narrows it, and it is never wider', async () => {
  const [hers, his] = [makeLaptop(), makeLaptop()];
  await synced(hers, 'Admin');
  const decided = {
    ...offlinePolicy,
    provider: 'anthropic' as const,
    model: 'claude-opus-5',
    leaves: 'redacted' as const,
    matterLimitMicrodollars: 5_000_000,
  };
  must(settingsOn(hers, 'Admin').setAssistant(decided));
  await synced(hers, 'Admin');
  await synced(his, 'Attorney');
  expect(firmPolicy(his.store)).toEqual(decided);

  const ann = settingsOn(his, 'Attorney');
  expect(ann.setAssistant(offlinePolicy)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  expect(ann.setMatterAssistant({ matterId: matter.entityId as never, policy: { ...asTheFirm, leaves: 'text' } })).toMatchObject({
    ok: false,
    error: { code: 'invalid_input' },
  });
  expect(
    ann.setMatterAssistant({ matterId: matter.entityId as never, policy: { ...asTheFirm, limitMicrodollars: 6_000_000 } }),
  ).toMatchObject({ ok: false });
  must(ann.setMatterAssistant({ matterId: matter.entityId as never, policy: { ...asTheFirm, leaves: 'nothing' } }));
  await synced(his, 'Attorney');
  await synced(hers, 'Admin');
  const holds = () => effectivePolicy(firmPolicy(hers.store), matterPolicy(hers.store, matter.entityId));
  expect(holds()).toMatchObject({ provider: 'offline', leaves: 'nothing', matterLimitMicrodollars: 5_000_000 });

  // a row that somebody wrote by hand
  const lax = { ...asTheFirm, leaves: 'text', limitMicrodollars: 900_000_000 };
  await admin.query('update steno.assistant_policy set policy = $1, revision = revision + 1 where matter_id = $2', [lax, matter.entityId]);
  await synced(hers, 'Admin');
  expect(holds()).toMatchObject({ provider: 'anthropic', leaves: 'redacted', matterLimitMicrodollars: 5_000_000 });
  // and one that only a newer Steno understands
  await admin.query('update steno.assistant_policy set policy = $1, revision = revision + 1 where matter_id = $2', [
    { leaves: 'redacted', only: 'dates' },
    matter.entityId,
  ]);
  await synced(hers, 'Admin');
  expect(holds()).toMatchObject({ provider: 'offline', leaves: 'nothing' });
  await admin.query('delete from steno.assistant_policy');
});

test('two laptops that decide about a matter for the first time while apart: the second is shown, not dropped', async () => {
  const [hers, his] = [makeLaptop(), makeLaptop()];
  const elsewhere = await world.connect('one', 'Attorney', freshId());
  await synced(hers, 'Admin');
  await synced(his, 'Attorney');
  const [laxer, stricter] = [
    { ...asTheFirm, model: 'a-model' },
    { ...asTheFirm, leaves: 'nothing' as const },
  ];
  must(settingsOn(hers, 'Admin').setMatterAssistant({ matterId: matter.entityId as never, policy: laxer }));
  must(settingsOn(his, 'Attorney').setMatterAssistant({ matterId: matter.entityId as never, policy: stricter }));
  await synced(hers, 'Admin');
  while ((await pushWaiting(his.store, elsewhere)).did === 'pushed');
  while ((await pullOnce(his.store, elsewhere, () => 0)).more);
  expect(outboxOf(his.store)).toEqual([]);
  expect(matterPolicy(his.store, matter.entityId)).toEqual(laxer);
  const { rows } = await admin.query<{ proposed: unknown }>(`select proposed from steno.conflict where entity = 'assistant_policy'`);
  expect(rows).toEqual([{ proposed: { policy: stricter } }]);
  await admin.query('delete from steno.assistant_policy');
});

test('a row that nobody has decided in yet lets nothing leave', () => {
  const laptop = makeLaptop();
  const matterId = freshId();
  must(
    laptop.write((change) => {
      change.insert('matter', { matterId, title: 'x', status: 'Open' });
      for (const of of [null, matterId]) change.insert('assistant_policy', { policyId: freshId(), matterId: of, policy: {} });
      return { ok: true, value: {} };
    }),
  );
  expect(firmPolicy(laptop.store)).toEqual(offlinePolicy);
  expect(matterPolicy(laptop.store, matterId).leaves).toBe('nothing');
});

test('the firm’s database keeps who may decide: the firm’s an administrator, a matter’s an attorney', async () => {
  const [ofFirm, ofMatter] = [
    inserting('assistant_policy', { policy: {} }),
    inserting('assistant_policy', { matter_id: matter.entityId, policy: { leaves: 'nothing' } }),
  ];
  for (const role of ['Viewer', 'Paralegal', 'Attorney'] as const)
    expect(await verdictsOf(role, ofFirm).then(([reason]) => reason), role).toBe('forbidden');
  for (const role of ['Viewer', 'Paralegal'] as const)
    expect(await verdictsOf(role, { ...ofMatter, mutationId: freshId() }), role).toEqual(['forbidden']);
  expect(await verdictsOf('Admin', { ...ofFirm, mutationId: freshId() })).toEqual(['applied']);
  expect(await verdictsOf('Attorney', { ...ofMatter, mutationId: freshId() })).toEqual(['applied']);
  expect(await verdictsOf('Paralegal', patching('assistant_policy', ofMatter.entityId, 1, { policy: { leaves: 'text' } }))).toEqual([
    'forbidden',
  ]);
  // one that was stricter does not become the whole firm's, nor another matter's
  expect(await verdictsOf('Admin', patching('assistant_policy', ofMatter.entityId, 1, { matter_id: null }))).toEqual(['append_only']);
  // two who decided at once are shown both
  const other = await world.connect('one', 'Admin', freshId());
  expect(await verdictsOf('Admin', patching('assistant_policy', ofFirm.entityId, 1, { policy: { leaves: 'redacted' } }))).toEqual([
    'applied',
  ]);
  expect(await other.push([patching('assistant_policy', ofFirm.entityId, 1, { policy: { leaves: 'text' } })])).toMatchObject([
    { verdict: 'conflict' },
  ]);
});

const call = {
  matter_id: matter.entityId,
  document_id: bill.entityId,
  task: 'facts',
  provider: 'anthropic',
  model: 'claude-opus-5',
  prompt_id: 'facts',
  prompt_version: 1,
  prompt_hash: 'a'.repeat(64),
  cost_microdollars: 6000,
  attempt: 1,
  outcome: 'answered',
  duration_ms: 12,
};

test('a call is its caller’s, not of the future, is never changed, and counts on every laptop', async () => {
  const [now, later] = [
    inserting('assistant_call', { ...call, called_at: new Date().toISOString() }),
    inserting('assistant_call', { ...call, cost_microdollars: null, called_at: '2100-01-01T00:00:00Z' }),
  ];
  expect(await verdictsOf('Paralegal', now, later)).toEqual(['applied', 'applied']);
  const { rows } = await admin.query<{ by: string; late: boolean }>(
    'select created_by as by, called_at > now() as late from steno.assistant_call',
  );
  expect(rows).toEqual([firms.one.userIds.Paralegal, firms.one.userIds.Paralegal].map((id) => ({ by: id, late: false })));
  for (const patch of [{ cost_microdollars: 1 }, { outcome: 'cancelled' }, { matter_id: null }, { model: 'other' }])
    expect(await verdictsOf('Admin', patching('assistant_call', now.entityId, 1, patch))).toEqual(['append_only']);
  expect(await verdictsOf('Viewer', inserting('assistant_call', { ...call, called_at: '2026-01-01T00:00:00Z' }))).toEqual(['forbidden']);

  const laptop = makeLaptop();
  await synced(laptop, 'Viewer');
  expect(spentInMonth(laptop.store, Date.now())).toEqual({ calls: 2, costMicrodollars: 6000, unknownCost: 1 });
  expect(spentOn(laptop.store, matter.entityId)).toEqual({ calls: 2, costMicrodollars: 6000, unknownCost: 1 });
  // a document of it may go; what was spent stays
  await admin.query('delete from steno.source_document where document_id = $1', [bill.entityId]);
  expect((await admin.query('select count(*)::int as n from steno.assistant_call')).rows).toEqual([{ n: 2 }]);
});

async function paper(): Promise<string> {
  const made = inserting('document', { ...bill.patch, relative_path: freshId() });
  await by('Attorney').push([
    made,
    inserting('page', { document_id: made.entityId, page_number: 1, extracted_text: `The adjuster: Dana Whitfield\n${text}` }),
  ]);
  return made.entityId;
}
const found = {
  kind: 'adjuster',
  value: 'x',
  normal: 'x',
  confidence: 60,
  page: 1,
  start_offset: 0,
  end_offset: 28,
  quote: 'The adjuster: Dana Whitfield',
  method: 'model:anthropic',
  model: 'claude-opus-5',
  prompt_version: 'facts/1',
};

test('a fact of a model names the model, stays its, and quotes its page', async () => {
  const of = { matter_id: matter.entityId, document_id: await paper() };
  const fact = inserting('fact', { ...of, ...found });
  const judged = (over: Record<string, unknown>) =>
    verdictsOf('Paralegal', inserting('fact', { ...of, ...found, ...over })).then(([reason]) => reason);
  expect(await verdictsOf('Paralegal', fact)).toEqual(['applied']);
  expect(await judged({ quote: 'The adjuster: Dana Whitfeld' })).toBe('quote_not_on_page');
  expect(await judged({ quote: '' })).toBe('quote_not_on_page');
  expect(await judged({ page: 2 })).toBe('quote_not_on_page');
  expect(await judged({ document_id: await paper(), quote: 'Nobody said this' })).toBe('quote_not_on_page');
  expect(await judged({ model: null })).toBe('invalid');
  expect(await judged({ prompt_version: null })).toBe('invalid');
  for (const patch of [{ method: 'rule:adjuster' }, { model: 'other' }, { prompt_version: 'facts/2' }])
    expect(await verdictsOf('Paralegal', patching('fact', fact.entityId, 1, patch))).toEqual(['append_only']);
  expect(await verdictsOf('Paralegal', patching('fact', fact.entityId, 1, { quote: 'Something else' }))).toEqual(['quote_not_on_page']);
  // a rule's fact does not become a model's; a person's decision about one goes through
  const ofRule = inserting('fact', { ...of, ...found, method: 'rule:adjuster', model: undefined, prompt_version: undefined });
  expect(await verdictsOf('Paralegal', ofRule)).toEqual(['applied']);
  expect(
    await verdictsOf('Paralegal', patching('fact', ofRule.entityId, 1, { method: 'model:anthropic', model: 'x', prompt_version: 'x' })),
  ).toEqual(['append_only']);
  expect(await verdictsOf('Paralegal', patching('fact', fact.entityId, 1, { state: 'approved' }))).toEqual(['applied']);

  // among many in one batch only the wrong ones are refused
  const many = Array.from({ length: 40 }, (_, n) =>
    inserting('fact', { ...of, ...found, ...(n % 10 === 3 && { quote: 'Nobody said this' }) }),
  );
  expect(await verdictsOf('Paralegal', ...many)).toEqual(many.map((_, n) => (n % 10 === 3 ? 'quote_not_on_page' : 'applied')));

  // the control: without the rule it would be taken
  await admin.query('alter table steno.fact disable trigger fact_of_model_new');
  try {
    expect(await judged({ quote: 'Nobody said this' })).toBe('applied');
  } finally {
    await admin.query('alter table steno.fact enable trigger fact_of_model_new');
  }
});

test('[S7] a laptop proposes by a model also to a database that does not know of models yet: it waits, the rest goes', async () => {
  const laptop = makeLaptop();
  await synced(laptop, 'Paralegal');
  const documentId = await paper();
  await synced(laptop, 'Paralegal');
  must(
    laptop.write((change) => {
      const place = { documentId, page: 1, startOffset: 0, endOffset: 28, quote: 'The adjuster: Dana Whitfield' };
      const row = {
        matterId: matter.entityId,
        kind: 'adjuster',
        value: 'x',
        normal: 'x',
        confidence: 60,
        ...place,
        state: 'proposed' as const,
      };
      change.insert('fact', { factId: freshId(), ...row, method: 'rule:adjuster' });
      change.insert('fact', { factId: freshId(), ...row, method: 'model:anthropic', model: 'm', promptVersion: 'facts/1' });
      return { ok: true, value: {} };
    }),
  );
  const before28 = ({ entity, patch }: Mutation): boolean => entity !== 'assistant_call' && !(entity === 'fact' && 'model' in patch);
  while ((await pushWaiting(laptop.store, by('Paralegal'), before28)).did === 'pushed');
  expect(outboxOf(laptop.store).map(({ entity, state }) => [entity, state])).toEqual([['fact', 'waiting']]);
  await synced(laptop, 'Paralegal');
  expect(outboxOf(laptop.store)).toEqual([]);
});
