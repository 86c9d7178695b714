import { Anchor, CommentData, SuggestionData } from '../../shared/collaboration.ts';

type Patch = Record<string, unknown>;
/** As long as any other value is shown. */
const mostShown = 500;

/** What a change of a comment or suggestion is of, "A suggestion"; null where it says no more than that it is one of the two. */
export function remarkThing(patch: Patch): string | null {
  if (patch['change_type'] === 'Suggestion' || typeof patch['outcome'] === 'string' || suggestionIn(patch)) return 'A suggestion';
  if (!commentIn(patch)) return null;
  return typeof patch['parent_id'] === 'string' ? 'A reply' : 'A comment';
}

/** What such a change says: the comment's words, what would stand where, what was decided. Null where the patch is of nothing of the kind. */
export function remarkInWords(patch: Patch): string | null {
  const suggestion = suggestionIn(patch);
  if (suggestion) return suggested(suggestion);
  const comment = commentIn(patch);
  if (comment) {
    const about = Anchor.safeParse(patch['position']).data?.quote ?? '';
    return `${quoted(comment.text)}${about === '' ? '' : `, on ${quoted(about)}`}`;
  }
  // anybody's words, as every value that was refused before it was looked at
  if (typeof patch['outcome'] === 'string') return patch['outcome'].slice(0, mostShown);
  if (typeof patch['is_resolved'] === 'boolean') return patch['is_resolved'] ? 'resolved' : 'open';
  return null;
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
