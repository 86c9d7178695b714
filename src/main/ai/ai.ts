import { randomBytes } from 'node:crypto';
import type { CallOutcome, FirmPolicy, ProviderName } from '../../shared/ai.ts';
import type { AppError } from '../../shared/errors.ts';
import { err, ok, type Outcome, type Result } from '../../shared/result.ts';
import { WorkerKilled, type Clock, type Workers } from '../host/host.ts';
import { freshId } from '../host/ids.ts';
import type { Store } from '../store/store.ts';
import type { Write } from '../sync/outbox.ts';
import { addressOf } from './base-url.ts';
import { createGate, type Gate } from './gate.ts';
import type { Keys } from './keys.ts';
import { createOffline, type OfflineAnswers } from './offline.ts';
import { effectivePolicy, firmPolicy, matterPolicy } from './policy.ts';
import { costOf, estimateTokens, priceOf } from './prices.ts';
import { createItemReader } from './items.ts';
import { hashOf, wordsOf, type Evidence, type Prompt } from './prompt.ts';
import { noUsage, ProviderFailure, type Provider, type ProviderRequest, type StopReason, type Usage } from './provider.ts';
import { putBackDeep, type Known, type Redaction } from './redact.ts';
import { pause as pauseByTimer, retrying, type Pause } from './retry.ts';
import { overLimit, spentInMonth, spentOn } from './spend.ts';
import { errorOf, names, whoAnswers } from './words.ts';

export { addressOf } from './base-url.ts';
export { createKeys, type Keys } from './keys.ts';
export type { OfflineAnswers } from './offline.ts';
export type { Evidence } from './prompt.ts';
export { effectivePolicy, firmPolicy, isStricter, matterPolicy } from './policy.ts';
export { priceOf, pricesAsOf } from './prices.ts';
export type { Known } from './redact.ts';
export { answerPrompt, CitedParagraph, draftPrompt, type CitedText } from './prompts/draft.ts';
export { askedKinds, factsPrompt, FoundFacts } from './prompts/facts.ts';
export { refinePrompt, RefinedText } from './prompts/refine.ts';
export { monthOf, spentInMonth, spentOn } from './spend.ts';

const redactWorker = new URL('./redact-worker.ts', import.meta.url);
const redactBudget = { timeoutMs: 20_000, memoryMb: 512 };

export interface Ask<T> {
  prompt: Prompt<T>;
  /** What documents say. Redacted as the policy wants before it leaves. */
  evidence: readonly Evidence[];
  /** People and numbers that are known, to be found wherever they stand. */
  known: readonly Known[];
  /** What the person who asks wants, in her own words; redacted like the evidence. */
  instruction?: string;
  /** The same question for rules, where no model is asked. */
  question: unknown;
  matterId: string;
  documentId: string | null;
  signal: AbortSignal;
  /** Called as the answer arrives. */
  onDelta?(characters: number): void;
  /** The things in the answer's list that are whole so far, names put back; an attempt begins anew. For eyes: nothing of them was checked. */
  onItems?(items: readonly unknown[]): void;
  /** The request about a letter that it is made for, which its cost is counted to. */
  refinementId?: string;
}

export interface Answer<T> {
  value: T;
  provider: ProviderName;
  /** As the provider named it; null where rules answered. */
  model: string | null;
  /** "facts/1", and the hash of its words. */
  promptVersion: string;
}

export interface AskFailure {
  /** not_set_up: there is nobody to ask, or nothing may leave for it; nothing was sent. */
  outcome: Exclude<CallOutcome, 'answered'> | 'not_set_up' | 'over_limit';
  error: AppError;
}

/** The way to a model, and the only one. */
export interface Ai {
  /**
   * Asks whoever the firm and the matter decided on. Sends what may leave, in the form in which it may, within the limits; tries again what passes by itself; writes
   * down each call. An answer is whole and of the form that was asked for, or it is none.
   */
  ask<T>(ask: Ask<T>): Promise<Result<Answer<T>, AskFailure>>;
}

interface AiInput {
  store: Store;
  write: Write;
  workers: Workers;
  clock: Clock;
  keys: Keys;
  offline: OfflineAnswers;
  /** Why this person may not ask, or null. */
  mayNotAsk: string | null;
  pause?: Pause;
  random?(): number;
  timeoutMs?: number;
}

/** An SDK is loaded when it is first asked: together they take longer than all the rest of Steno, and most laptops need one of them or none. */
async function open({ provider, region }: FirmPolicy, key: string | null, gate: Gate): Promise<Provider> {
  if (provider === 'openai') return (await import('./openai.ts')).createOpenAi({ key, gate });
  if (provider === 'bedrock') return (await import('./bedrock.ts')).createBedrock({ key: key ?? '', region: region ?? '', gate });
  return (await import('./anthropic.ts')).createAnthropic({ key: key ?? '', gate });
}

/** Of one attempt: what came, and what became of it. */
interface Attempt {
  json: string;
  words: number;
  usage: Usage;
  model: string | null;
  stop: StopReason | null;
}
interface Line {
  provider: Provider;
  policy: FirmPolicy;
  model: string;
  who: string;
}

export function createAi({
  store,
  write,
  workers,
  clock,
  keys,
  offline,
  mayNotAsk,
  pause = pauseByTimer,
  random = Math.random,
  timeoutMs,
}: AiInput): Ai {
  // what calls on their way may cost at most, so that two at once do not both take the last of a limit
  const onTheWay = new Set<{ matterId: string; microdollars: number }>();

  const notSetUp = (reason: string): { ok: false; error: AskFailure } =>
    err({ outcome: 'not_set_up', error: { code: 'invalid_input', what: 'the assistant', reason } });

  async function lineFor(policy: FirmPolicy): Promise<Result<Line, AskFailure>> {
    const { provider, model } = policy;
    const address = addressOf(policy);
    if (!address.ok) return err({ outcome: 'not_set_up', error: address.error });
    if (model === null || address.value === null) return notSetUp('No model is chosen yet. Choose one in Settings.');
    const { key, isElsewhere } = await keys.get(provider, address.value);
    const who = whoAnswers(provider, address.value);
    if (isElsewhere)
      return notSetUp(
        `The key on this laptop was entered for another address than ${who}. Enter it again in Settings if it is meant for it.`,
      );
    const isOwnServer = provider === 'openai' && who !== names.openai;
    if (key === null && !isOwnServer) return notSetUp(`There is no key for ${who} on this laptop. Enter yours in Settings.`);
    const gate = createGate({ baseUrl: address.value, ...(timeoutMs !== undefined && { timeoutMs }) });
    const made = await open(policy, key, gate);
    return ok({ provider: made, policy, model, who });
  }

  /** What may leave of the evidence. */
  async function prepare(
    policy: FirmPolicy,
    { evidence, known, instruction: said }: Pick<Ask<unknown>, 'evidence' | 'known' | 'instruction'>,
  ): Promise<Outcome<{ evidence: readonly Evidence[]; instruction: string | null; tokens: Redaction['tokens'] }>> {
    const instruction = said ?? null;
    if (policy.leaves === 'text') return ok({ evidence, instruction, tokens: [] });
    try {
      const input = { texts: [...evidence.map(({ text }) => text), instruction ?? ''], known };
      const { texts, tokens } = await workers.run<typeof input, Redaction>(redactWorker, 'redact', input, redactBudget);
      return ok({
        evidence: evidence.map(({ label }, at) => ({ label, text: texts[at] ?? '' })),
        instruction: instruction && (texts.at(-1) ?? ''),
        tokens,
      });
    } catch (error) {
      if (!(error instanceof WorkerKilled)) throw error;
      return err({
        code: 'unsupported',
        what: 'the text',
        reason: 'Taking names and numbers out of it took too long and was stopped. Nothing was sent.',
      });
    }
  }

  async function attemptOnce(
    { provider }: Line,
    request: ProviderRequest,
    signal: AbortSignal,
    heard: Attempt,
    { onDelta, onItems }: Pick<Ask<unknown>, 'onDelta' | 'onItems'>,
    tokens: Redaction['tokens'],
  ): Promise<void> {
    const reader = createItemReader();
    const items: unknown[] = [];
    for await (const event of provider.stream(request, signal)) {
      if (event.type === 'tool') heard.json += event.json;
      else if (event.type === 'text') heard.words += event.text.length;
      else if (event.type === 'model') heard.model = event.model;
      else if (event.type === 'stop') heard.stop = event.reason;
      else for (const [sort, count] of Object.entries(event.usage)) if (count !== null) heard.usage = { ...heard.usage, [sort]: count };
      onDelta?.(heard.json.length + heard.words);
      if (event.type !== 'tool' || !onItems) continue;
      const more = reader.add(event.json);
      if (more.length === 0) continue;
      items.push(...more.map((item) => putBackDeep(item, tokens)));
      onItems(items);
    }
  }

  interface Recording {
    ask: Ask<unknown>;
    line: Line;
    heard: Attempt;
    request: ProviderRequest;
    attempt: number;
    outcome: CallOutcome;
    startedAt: number;
    /** The provider answered with an error and no answer: it takes nothing for that. */
    isFree: boolean;
  }
  /** Writes a call down, without a word of it. */
  function record({ ask, line, heard, request, attempt, outcome, startedAt, isFree }: Recording): Outcome<unknown> {
    const { policy, model } = line;
    const price = priceOf(policy, model) ?? priceOf(policy, heard.model);
    const isEstimate = !isFree && (heard.usage.input === null || heard.usage.output === null || outcome === 'cut_stream');
    const reckoned: Usage = {
      ...heard.usage,
      input: heard.usage.input ?? tokensOf(request),
      output: Math.max(heard.usage.output ?? 0, Math.ceil((heard.json.length + heard.words) / 2.5)),
    };
    const cost = isFree ? (price ? 0 : null) : costOf(price, isEstimate ? reckoned : heard.usage);
    return write((change) => {
      change.insert('assistant_call', {
        callId: freshId(),
        matterId: ask.matterId,
        documentId: ask.documentId,
        task: ask.prompt.id,
        provider: line.provider.name,
        model: (heard.model ?? model).slice(0, 200),
        promptId: ask.prompt.id,
        promptVersion: ask.prompt.version,
        promptHash: hashOf(ask.prompt),
        inputTokens: heard.usage.input,
        outputTokens: heard.usage.output,
        cachedTokens: heard.usage.cached,
        costMicrodollars: cost,
        isEstimate,
        attempt,
        outcome,
        durationMs: Math.max(0, Math.round(clock.now() - startedAt)),
        calledAt: startedAt,
        refinementId: ask.refinementId ?? null,
      });
      return ok({});
    });
  }

  async function send<T>(
    ask: Ask<T>,
    line: Line,
    request: ProviderRequest,
    tokens: Redaction['tokens'],
  ): Promise<Result<Answer<T>, AskFailure>> {
    const failed = (outcome: Exclude<CallOutcome, 'answered'>) => err({ outcome, error: errorOf(outcome, line.who) });
    try {
      return await retrying(
        async (attempt): Promise<Result<Answer<T>, AskFailure>> => {
          const startedAt = clock.now();
          const heard: Attempt = { json: '', words: 0, usage: noUsage, model: null, stop: null };
          const note = (outcome: CallOutcome, isFree = false): Outcome<unknown> =>
            line.provider.name === 'offline' ? ok({}) : record({ ask, line, heard, request, attempt, outcome, startedAt, isFree });
          try {
            await attemptOnce(line, request, ask.signal, heard, ask, tokens);
          } catch (error) {
            if (!(error instanceof ProviderFailure)) throw error;
            const noted = note(error.kind, error.status !== null || error.kind === 'unreachable');
            if (!noted.ok) return err({ outcome: error.kind, error: noted.error });
            throw error;
          }
          const read = readAnswer(ask.prompt, heard, tokens);
          const noted = note(read.ok ? 'answered' : read.error);
          // a call that cannot be written down is not used: the next would not know what it cost
          if (!noted.ok) return err({ outcome: 'refused', error: noted.error });
          if (!read.ok) return failed(read.error);
          const model = line.provider.name === 'offline' ? null : (heard.model ?? line.model);
          return ok({
            value: read.value,
            provider: line.provider.name,
            model,
            promptVersion: `${ask.prompt.id}/${String(ask.prompt.version)} ${hashOf(ask.prompt).slice(0, 12)}`,
          });
        },
        { signal: ask.signal, pause, random },
      );
    } catch (error) {
      if (error instanceof ProviderFailure) return failed(error.kind);
      throw error;
    }
  }

  return {
    async ask(ask) {
      if (mayNotAsk !== null)
        return err({ outcome: 'not_set_up', error: { code: 'forbidden', what: 'what the assistant proposes', reason: mayNotAsk } });
      const policy = effectivePolicy(firmPolicy(store), matterPolicy(store, ask.matterId));
      const { tool, maxOutputTokens } = ask.prompt;
      if (policy.provider === 'offline') {
        const line: Line = { provider: createOffline(offline, ask.question), policy, model: 'rules', who: whoAnswers('offline', null) };
        return send(ask, line, { model: 'rules', system: '', user: '', tool, maxOutputTokens }, []);
      }
      const line = await lineFor(policy);
      if (!line.ok) return line;
      const prepared = await prepare(policy, ask);
      if (!prepared.ok) return err({ outcome: 'not_set_up', error: prepared.error });
      const words = wordsOf(ask.prompt, prepared.value.evidence, randomBytes(16).toString('hex'), prepared.value.instruction);
      const request: ProviderRequest = { model: line.value.model, ...words, tool, maxOutputTokens };

      const { matterId } = ask;
      const worst: Usage = { input: 0, output: maxOutputTokens, cached: 0, cacheWritten: tokensOf(request) };
      const estimate = costOf(priceOf(policy, line.value.model), worst);
      const spent = { month: spentInMonth(store, clock.now()).costMicrodollars, matter: spentOn(store, matterId).costMicrodollars };
      const reserved = { month: sum([...onTheWay]), matter: sum([...onTheWay].filter((call) => call.matterId === matterId)) };
      const reason = overLimit(policy, estimate, spent, reserved);
      if (reason !== null) return err({ outcome: 'over_limit', error: { code: 'provider_failed', what: 'asking the assistant', reason } });
      const reservation = { matterId, microdollars: estimate ?? 0 };
      onTheWay.add(reservation);
      try {
        return await send(ask, line.value, request, prepared.value.tokens);
      } finally {
        onTheWay.delete(reservation);
      }
    },
  };
}

const sum = (calls: readonly { microdollars: number }[]): number => calls.reduce((all, { microdollars }) => all + microdollars, 0);
const tokensOf = ({ system, user, tool }: ProviderRequest): number => estimateTokens(system + user + JSON.stringify(tool));

/** The answer in its form, names put back; or what it is instead. */
function readAnswer<T>(
  prompt: Prompt<T>,
  { json, stop }: Attempt,
  tokens: Redaction['tokens'],
): Result<T, Exclude<CallOutcome, 'answered'>> {
  if (stop === 'declined') return err('declined');
  if (stop === 'length') return err('cut_short');
  if (json === '') return err('no_answer');
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return err('wrong_schema');
  }
  const answer = prompt.answer.safeParse(putBackDeep(parsed, tokens));
  return answer.success ? ok(answer.data) : err('wrong_schema');
}
