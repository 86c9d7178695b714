import type { DocumentKind } from '../../shared/documents.ts';

/** One document of a kind: "Medical record". Requests for quotes are called so in full. */
export function kindWord(kind: DocumentKind): string {
  if (kind === 'RFQ') return 'Request for a quote';
  const words = kind.replaceAll('_', ' ');
  return words.charAt(0) + words.slice(1).toLowerCase();
}
