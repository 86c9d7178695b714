import { z } from 'zod';
import { DocumentId, MatterId } from './ids.ts';

/** Who answers for the assistant. `offline`: rules and templates on this laptop, always there. `openai`: OpenAI and every server that speaks like it. */
export const ProviderName = z.enum(['offline', 'anthropic', 'openai', 'bedrock']);
export type ProviderName = z.infer<typeof ProviderName>;

/** What may leave the laptop, from the strictest on. `redacted`: page texts in which identifiers and known names are tokens. */
export const Leaves = z.enum(['nothing', 'redacted', 'text']);
export type Leaves = z.infer<typeof Leaves>;

/** Millionths of a dollar: what a model costs a token is a few of them. */
export const Microdollars = z.number().int().min(0).max(1_000_000_000_000);

const Model = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[\w.:@/-]+$/, 'Write the model’s name as the provider does, without spaces.');

/** What the firm decided about its assistant; the row `assistant.policy` of its settings. One value, so that two people’s changes are never mixed. */
export const FirmPolicy = z.object({
  provider: ProviderName,
  model: Model.nullable(),
  /** Where requests go, for `openai` servers and gateways; null: where the provider itself serves. */
  baseUrl: z.string().trim().max(500).nullable(),
  /** Of `bedrock`. */
  region: z.string().trim().max(40).nullable(),
  leaves: Leaves,
  monthLimitMicrodollars: Microdollars.nullable(),
  matterLimitMicrodollars: Microdollars.nullable(),
  /** Microdollars for a million tokens, where the firm knows better than Steno's own table; 0 for a server of one's own. */
  price: z.object({ input: Microdollars, output: Microdollars }).nullable(),
});
export type FirmPolicy = z.infer<typeof FirmPolicy>;

/** A matter may only be stricter than its firm; null: as the firm. */
export const MatterPolicy = z.object({
  leaves: Leaves.nullable(),
  limitMicrodollars: Microdollars.nullable(),
  model: Model.nullable(),
});
export type MatterPolicy = z.infer<typeof MatterPolicy>;

/** A firm that decided nothing: nothing leaves. */
export const offlinePolicy: FirmPolicy = {
  provider: 'offline',
  model: null,
  baseUrl: null,
  region: null,
  leaves: 'nothing',
  monthLimitMicrodollars: null,
  matterLimitMicrodollars: null,
  price: null,
};
export const asTheFirm: MatterPolicy = { leaves: null, limitMicrodollars: null, model: null };

/** How one call of a model ended. */
export const CallOutcome = z.enum([
  'answered',
  /** The model would not. */
  'declined',
  /** It stopped in the middle for want of room. */
  'cut_short',
  /** Words where an answer in the wanted form was asked for. */
  'no_answer',
  'wrong_schema',
  'rate_limited',
  'overloaded',
  'unreachable',
  /** The line broke after the answer had begun. */
  'cut_stream',
  'timed_out',
  'too_large',
  'unauthorized',
  /** The provider refused the request itself: an unknown model, too long a text. */
  'refused',
  'redirected',
  'cancelled',
]);
export type CallOutcome = z.infer<typeof CallOutcome>;

const amounts = { calls: z.number().int(), costMicrodollars: z.number().int(), unknownCost: z.number().int() };

/** The assistant as the Settings screen shows it. No key is ever in it. */
export const AssistantView = z.object({
  policy: FirmPolicy,
  /** Where text goes, "api.anthropic.com"; null where nothing leaves. */
  goesTo: z.string().nullable(),
  hasKey: z.boolean(),
  /** A key is here, and was given for another address than the firm's assistant has now. */
  isKeyForElsewhere: z.boolean(),
  /** Why this person cannot change what the firm decided, or null. */
  locked: z.string().nullable(),
  /** Whether Steno knows what the model costs. */
  isPriceKnown: z.boolean(),
  pricesAsOf: z.string(),
  month: z.object({ since: z.string(), ...amounts }),
});
export type AssistantView = z.infer<typeof AssistantView>;

/** What holds for a matter: the firm's and its own decisions together. */
export const MatterAssistantView = z.object({
  own: MatterPolicy,
  /** What holds where the matter decided nothing. */
  firm: FirmPolicy.pick({ leaves: true, model: true, matterLimitMicrodollars: true }),
  provider: ProviderName,
  model: z.string().nullable(),
  leaves: Leaves,
  goesTo: z.string().nullable(),
  locked: z.string().nullable(),
  ...amounts,
});
export type MatterAssistantView = z.infer<typeof MatterAssistantView>;

export const AssistantKey = z.object({ key: z.string().trim().min(8, 'That is too short for a key.').max(4000) });

export const SetMatterAssistant = z.object({ matterId: MatterId, policy: MatterPolicy });

/** What became of asking the assistant about one document; kept on this laptop. */
export const AskedDocument = z.object({
  documentId: DocumentId,
  documentName: z.string(),
  /** waiting: its turn, or the provider, has not come. */
  state: z.enum(['waiting', 'asking', 'done', 'failed', 'stopped']),
  pagesDone: z.number().int(),
  pages: z.number().int(),
  proposed: z.number().int(),
  /** Of what the model said, how much stood here already. */
  known: z.number().int(),
  refused: z.array(
    z.object({ kind: z.string(), value: z.string(), page: z.number().int().nullable(), quote: z.string(), why: z.string() }),
  ),
  /** Why it failed or waits, in words. */
  problem: z.string().nullable(),
  /** It failed for want of a line: asking again may wait for it. */
  mayWait: z.boolean(),
});
export type AskedDocument = z.infer<typeof AskedDocument>;

/** All read documents of the matter where none is named. `waits`: until the provider can be reached. */
export const AskAssistant = z.object({
  matterId: MatterId,
  documentIds: z.array(DocumentId).max(10_000).nullable(),
  waits: z.boolean().default(false),
});
