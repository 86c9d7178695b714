import type { DocumentKind } from '../../shared/documents.ts';
import { linkWords, type LinkKind } from '../../shared/links.ts';

/** A way to link this document to another one: the kind, and which of the two is the first. */
export interface Relation {
  kind: LinkKind;
  isFrom: boolean;
  words: string;
}

/** All ways, each once. */
export const relations: readonly Relation[] = (Object.entries(linkWords) as [LinkKind, [string, string]][]).flatMap(
  ([kind, [there, back]]) =>
    there === back
      ? [{ kind, isFrom: true, words: there }]
      : [
          { kind, isFrom: true, words: there },
          { kind, isFrom: false, words: back },
        ],
);

const usual: readonly [from: DocumentKind, to: DocumentKind, kind: LinkKind][] = [
  ['Medical_Record', 'Bill', 'record_for'],
  ['Offer', 'RFQ', 'offer_for'],
  ['Offer', 'Demand', 'counter_offer'],
  ['Correspondence', 'Correspondence', 'reply_to'],
];

/** What a person most likely means who links a document of one kind to one of another. */
export function likelyRelation(mine: DocumentKind, other: DocumentKind): Relation {
  const found = usual.find(([from, to]) => (from === mine && to === other) || (from === other && to === mine));
  const relation = relations.find(({ kind, isFrom }) => kind === found?.[2] && isFrom === (found[0] === mine));
  const fallback: Relation = { kind: 'attachment_of', isFrom: mine !== 'Correspondence', words: '' };
  return relation ?? relations.find(({ kind, isFrom }) => kind === fallback.kind && isFrom === fallback.isFrom) ?? fallback;
}
