import { expect, test } from 'vitest';
import { freshId } from '../../../src/main/host/ids.ts';
import { fromReply, toLines } from '../../../src/main/sync/push-lines.ts';
import { aMatter, inserting, patching } from '../../support/mutations.ts';

test('[S2] a batch is a line for its kinds and one for each change, in order; what is common is said once', () => {
  const [first, second] = [aMatter('One'), aMatter('Two\nwith "words" \u0000')];
  const renamed = patching('matter', first.entityId, 3, { title: 'Three' });
  const written = inserting('letter', { metadata: { a: [null, true] }, demand_cents: null });
  const lines = toLines([first, renamed, second, written]).split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    [
      ['matter', 'insert', ['title', 'status']],
      ['matter', 'patch', ['title']],
      ['letter', 'insert', ['metadata', 'demand_cents']],
    ],
    [0, first.mutationId, first.entityId, 0, 'One', 'Open'],
    [1, renamed.mutationId, first.entityId, 3, 'Three'],
    [0, second.mutationId, second.entityId, 0, 'Two\nwith "words" \u0000', 'Open'],
    [2, written.mutationId, written.entityId, 0, { a: [null, true] }, null],
  ]);
});

test('verdicts go to the changes they are about, in order; a number is the revision that a change became', () => {
  const batch = [aMatter(), aMatter(), aMatter(), aMatter()];
  const [a, b, c, d] = batch.map(({ mutationId }) => mutationId);
  const said = [
    1,
    { verdict: 'merged' },
    { verdict: 'rejected', reason: 'invalid', detail: 'x' },
    { verdict: 'conflict', revision: 4, conflicts: [freshId()] },
  ];
  expect(fromReply({ position: 7, verdicts: said }, batch)).toEqual({
    position: 7,
    verdicts: [
      { mutationId: a, verdict: 'applied', revision: 1 },
      { mutationId: b, verdict: 'merged' },
      { mutationId: c, verdict: 'rejected', reason: 'invalid' },
      { mutationId: d, verdict: 'conflict', revision: 4 },
    ],
  });
});

test('an answer of another form, or for another number of changes, is none', () => {
  const batch = [aMatter(), aMatter()];
  for (const reply of [
    null,
    {},
    { position: 1, verdicts: [1] },
    { position: 1, verdicts: [1, 1, 1] },
    { position: 1, verdicts: [1, { verdict: 'perhaps' }] },
  ])
    expect(() => fromReply(reply, batch)).toThrow();
});
