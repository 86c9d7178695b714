import { z } from 'zod';
import type { Mutation } from './outbox.ts';
import { Verdict } from './remote.ts';

/**
 * A batch as app.push_lines reads it: a line of JSON for the kinds of changes in it, [[entity, op, [field, ...]], ...], then one for each change,
 * [its kind, mutation id, entity id, base revision, a value for each field]. Half as long as objects, and a line that the firm cannot
 * read hides no other. The order within a line is fixed: of a line it cannot read the firm takes the ids from its beginning.
 */
export function toLines(batch: Mutation[]): string {
  const kinds: unknown[] = [];
  const numbers = new Map<string, number>();
  const lines = batch.map(({ mutationId, entity, entityId, op, baseRevision, patch }) => {
    const fields = Object.keys(patch);
    const key = `${entity} ${op} ${fields.join(' ')}`;
    const number = numbers.get(key) ?? kinds.push([entity, op, fields]) - 1;
    numbers.set(key, number);
    return JSON.stringify([number, mutationId, entityId, baseRevision, ...Object.values(patch)]);
  });
  return [JSON.stringify(kinds), ...lines].join('\n');
}

/** What a push came to; `position` is what the firm's feed reached with it. A bare number is the revision as which a change was applied. */
const PushReply = z.object({
  position: z.number().int(),
  verdicts: z.array(z.union([z.number().int(), Verdict.omit({ mutationId: true })])),
});

/** The verdicts of a batch, in its order. Throws where the firm did not answer for each of its changes. */
export function fromReply(reply: unknown, batch: Mutation[]): { verdicts: Verdict[]; position: number } {
  const { verdicts, position } = PushReply.parse(reply);
  if (verdicts.length !== batch.length) throw new Error('the firm answered for another number of changes than were sent');
  return {
    position,
    verdicts: batch.map(({ mutationId }, at) => {
      const verdict = verdicts[at];
      return typeof verdict === 'object' ? { mutationId, ...verdict } : { mutationId, verdict: 'applied', revision: verdict };
    }),
  };
}
