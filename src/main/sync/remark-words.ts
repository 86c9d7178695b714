import { Anchor, CommentData, SuggestionData } from '../../shared/collaboration.ts';

type Patch = Record<string, unknown>;
/** As long as any other value is shown. */
const mostShown = 500;

/** What a change of a comment or suggestion is of, "A suggestion"; null where it says no more than that it is one of the two. */
export function remarkThing(patch: Patch): string | null {
  if (patch['change_type'] === 'Suggestion' || outcomeIn(patch) !== undefined || suggestionIn(patch)) return 'A suggestion';
  if (!commentIn(patch)) return null;
  return typeof patch['parent_id'] === 'string' ? 'A reply' : 'A comment';
}

/** What such a change says: the comment's words or what would stand where, and what was decided. */
export function remarkInWords(patch: Patch): string[] {
  const suggestion = suggestionIn(patch);
  const comment = suggestion ? undefined : commentIn(patch);
  const about = Anchor.safeParse(patch['position']).data?.quote ?? '';
  const words = suggestion ? suggested(suggestion) : comment && `${quoted(comment.text)}${about === '' ? '' : `, on ${quoted(about)}`}`;
  return [words, decided(patch)].filter((part) => part !== undefined);
}

/** What of a change `remarkInWords` has said, or says nothing to a person. */
export function isSaid(field: string, patch: Patch): boolean {
  if (field === 'change_data') return suggestionIn(patch) !== undefined || commentIn(patch) !== undefined;
  if (field === 'outcome') return patch[field] === null || outcomeIn(patch) !== undefined;
  if (field === 'is_resolved') return typeof patch[field] === 'boolean';
  return field === 'change_type' || field === 'position';
}

function decided(patch: Patch): string | undefined {
  const outcome = outcomeIn(patch);
  if (outcome !== undefined || typeof patch['is_resolved'] !== 'boolean') return outcome;
  return patch['is_resolved'] ? 'resolved' : 'open';
}
function outcomeIn({ outcome }: Patch): string | undefined {
  return outcome === 'accepted' || outcome === 'rejected' ? outcome : undefined;
}

/** "“thirty” becomes “twenty” (We said so.)" */
function suggested({ was, becomes, why }: SuggestionData): string {
  const change =
    becomes === ''
      ? `${quoted(was)} is taken out`
      : was === ''
        ? `${quoted(becomes)} is put in`
        : `${quoted(was)} becomes ${quoted(becomes)}`;
  return why === null || why === '' ? change : `${change} (${why.slice(0, mostShown)})`;
}

const commentIn = (patch: Patch): CommentData | undefined => CommentData.safeParse(patch['change_data']).data;
const suggestionIn = (patch: Patch): SuggestionData | undefined => SuggestionData.safeParse(patch['change_data']).data;
const quoted = (text: string): string => `“${text.length > mostShown ? `${text.slice(0, mostShown)}…` : text}”`;
