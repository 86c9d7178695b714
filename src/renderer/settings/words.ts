import type { AssistantView, FirmPolicy, Leaves, MatterAssistantView, ProviderName } from '../../shared/ai.ts';
import { formatCents } from '../../shared/money.ts';
import { count } from '../ui/values.tsx';

export const providerWords: Record<ProviderName, string> = {
  offline: 'None: rules on this laptop',
  anthropic: 'Anthropic (Claude)',
  openai: 'OpenAI, or a server like it',
  bedrock: 'Amazon Bedrock (Claude)',
};

export const leavesWords: Record<Leaves, string> = {
  nothing: 'Nothing',
  redacted: 'Page text without the names and numbers that Steno knows',
  text: 'Page text as it stands',
};

/** The same in the middle of a sentence: Steno keeps its capital. */
export const leavesInSentence = (leaves: Leaves): string => leavesWords[leaves].replace(/^./, (first) => first.toLowerCase());

/** What the form begins with: what the firm decided, “Nothing” too. Only who has chosen no provider yet is offered one step more. */
export const firstLeaves = ({ provider, leaves }: Pick<FirmPolicy, 'provider' | 'leaves'>): Leaves =>
  provider === 'offline' ? 'redacted' : leaves;

/** What happens to a client's papers, in one or two sentences; `goesTo` null: nothing leaves. */
export function privacyWords(leaves: Leaves, goesTo: string | null): string {
  if (goesTo === null || leaves === 'nothing') return 'No text leaves this laptop. Facts are found by rules.';
  const sent =
    leaves === 'redacted'
      ? 'Names that Steno knows from the matter, claim, policy and record numbers, social security numbers, birth dates, phone numbers and e-mail addresses are replaced before, and put back after. Names it does not know go along.'
      : 'It goes as it stands, with all names and numbers.';
  return `When somebody asks the assistant, the text of those pages goes to ${goesTo}, and nothing at any other time. ${sent}`;
}

/** "$1.25", "less than $0.01". */
export function costText(microdollars: number): string {
  if (microdollars > 0 && microdollars < 10_000) return 'less than $0.01';
  return formatCents(Math.ceil(microdollars / 10_000));
}

/** What was decided for a matter, "Asked is model-b. Its limit is $2.00. "; '' where nothing is. */
export function ownWords({ own, model, firm }: Pick<MatterAssistantView, 'own' | 'model' | 'firm'>): string {
  const asked = own.model !== null && own.model !== firm.model && model !== null ? `Asked is ${model}. ` : '';
  const limits = [own.limitMicrodollars, firm.matterLimitMicrodollars].filter((limit) => limit !== null);
  return limits.length === 0 ? asked : `${asked}Its limit is ${formatCents(Math.floor(Math.min(...limits) / 10_000))}. `;
}

/** "$0.42 for 12 calls; what 2 of them cost is not known". */
export function spentWords({
  calls,
  costMicrodollars,
  unknownCost,
}: Pick<AssistantView['month'], 'calls' | 'costMicrodollars' | 'unknownCost'>): string {
  if (calls === 0) return 'no calls yet';
  const unknown = unknownCost === 0 ? '' : `; what ${unknownCost === calls ? 'they' : `${String(unknownCost)} of them`} cost is not known`;
  return `${unknownCost === calls ? '' : `${costText(costMicrodollars)} for `}${count(calls, 'call')}${unknown}`;
}
