import { z } from 'zod';

/**
 * Every failure a person may meet. `what` names the thing in plain words ("letter", "the file answer.docx");
 * `reason` is one sentence for the person. No code carries client text that a log should not hold.
 */
export const AppError = z.discriminatedUnion('code', [
  z.object({ code: z.literal('invalid_input'), what: z.string(), reason: z.string() }),
  z.object({ code: z.literal('not_found'), what: z.string() }),
  z.object({ code: z.literal('unsupported'), what: z.string(), reason: z.string() }),
  z.object({ code: z.literal('unauthenticated'), reason: z.string() }),
  /** The firm wants this laptop's copy erased. */
  z.object({ code: z.literal('revoked'), reason: z.string() }),
  /** This laptop's copy is there and does not open any more: its user may start afresh from the firm's. */
  z.object({ code: z.literal('copy_lost'), why: z.enum(['key_gone', 'damaged']), reason: z.string() }),
  z.object({ code: z.literal('forbidden'), what: z.string(), reason: z.string() }),
  z.object({ code: z.literal('conflict'), what: z.string(), reason: z.string() }),
  z.object({ code: z.literal('offline'), reason: z.string() }),
  z.object({ code: z.literal('core_gone'), reason: z.string() }),
  z.object({ code: z.literal('rate_limited'), retryAfterMs: z.number().int() }),
  z.object({ code: z.literal('provider_failed'), what: z.string(), reason: z.string() }),
  z.object({ code: z.literal('corrupt'), what: z.string(), reason: z.string() }),
  z.object({ code: z.literal('full'), what: z.string(), reason: z.string() }),
  z.object({ code: z.literal('cancelled'), what: z.string() }),
  z.object({ code: z.literal('internal'), reference: z.string() }),
]);
export type AppError = z.infer<typeof AppError>;

export interface Explanation {
  /** What happened, one sentence. */
  title: string;
  /** What is safe and what to do, one or two sentences. */
  advice: string;
}

/** The words a person reads for an error: what happened, what was kept, what to do. */
export function explain(error: AppError): Explanation {
  switch (error.code) {
    case 'invalid_input':
      return { title: `${sentence(error.what)} could not be used.`, advice: error.reason };
    case 'not_found':
      return {
        title: `${sentence(error.what)} is not here.`,
        advice: 'It may have been removed or not have arrived yet. Sync and look again.',
      };
    case 'unsupported':
      return { title: `${sentence(error.what)} cannot be read by Steno.`, advice: error.reason };
    case 'unauthenticated':
      return { title: 'You are not signed in.', advice: error.reason };
    case 'revoked':
      return { title: 'Your firm has revoked this laptop.', advice: error.reason };
    case 'copy_lost':
      return {
        title: error.why === 'key_gone' ? 'The key to this laptop’s copy is gone from its keychain.' : 'This laptop’s copy is damaged.',
        advice: error.reason,
      };
    case 'forbidden':
      return { title: `You may not change ${error.what}.`, advice: error.reason };
    case 'conflict':
      return { title: `${sentence(error.what)} could not be changed.`, advice: error.reason };
    case 'offline':
      return { title: "The firm's server cannot be reached.", advice: error.reason };
    case 'core_gone':
      return { title: 'Steno is starting again.', advice: error.reason };
    case 'rate_limited':
      return { title: 'Too many attempts.', advice: `Try again in ${waitText(error.retryAfterMs)}.` };
    case 'provider_failed':
      return { title: `${sentence(error.what)} failed.`, advice: error.reason };
    case 'corrupt':
      return { title: `${sentence(error.what)} is damaged.`, advice: error.reason };
    case 'full':
      return { title: `There is no room left for ${error.what}.`, advice: error.reason };
    case 'cancelled':
      return { title: `${sentence(error.what)} was cancelled.`, advice: 'Nothing was changed.' };
    case 'internal':
      return { title: 'Steno made a mistake.', advice: `What you saved before is safe. Please report reference ${error.reference}.` };
  }
}

function waitText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 120) return `${String(seconds)} second${seconds === 1 ? '' : 's'}`;
  return `${String(Math.ceil(seconds / 60))} minutes`;
}

function sentence(what: string): string {
  return what.charAt(0).toUpperCase() + what.slice(1);
}
