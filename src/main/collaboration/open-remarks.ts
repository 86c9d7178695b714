import { and, asc, eq, isNull } from 'drizzle-orm';
import { Anchor, CommentData } from '../../shared/collaboration.ts';
import type { CollaborationId } from '../../shared/ids.ts';
import type { Blocker } from '../../shared/letters.ts';
import { collaboration } from '../store/collaboration-schema.ts';
import type { Store } from '../store/store.ts';

/** What people said about a letter and nobody settled: suggestions neither accepted nor rejected, threads not resolved. A letter does not go out with them. */
export function openRemarks({ db }: Store, letterId: string): Blocker[] {
  const open = db
    .select()
    .from(collaboration)
    .where(
      and(
        eq(collaboration.letterId, letterId),
        eq(collaboration.isResolved, false),
        isNull(collaboration.parentId),
        isNull(collaboration.deletedAt),
      ),
    )
    .orderBy(asc(collaboration.createdAt), asc(collaboration.collaborationId))
    .all();
  return open.flatMap((row): Blocker[] => {
    const of = { variable: null, collaborationId: row.collaborationId as CollaborationId };
    if (row.changeType === 'Suggestion') {
      const quote = short(Anchor.safeParse(row.position).data?.quote ?? '');
      return [{ kind: 'suggestion', text: `A suggestion is neither accepted nor rejected${quote === '' ? '' : `: “${quote}”`}.`, ...of }];
    }
    const said = CommentData.safeParse(row.changeData);
    if (row.changeType !== 'Comment' || !said.success) return [];
    return [{ kind: 'comment', text: `A comment is not resolved: “${short(said.data.text)}”`, ...of }];
  });
}

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 80).trimEnd()}…` : text);
