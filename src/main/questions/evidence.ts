import type { DocumentKind, Oddity } from '../../shared/documents.ts';
import type { BillLineView } from '../../shared/facts.ts';
import type { DocumentId } from '../../shared/ids.ts';
import type { QuestionView } from '../../shared/questions.ts';

export interface EvidencePage {
  page: number;
  /** The text has a letter or a digit. */
  hasWords: boolean;
  /** Degrees clockwise that turn it upright. */
  rotation: number;
  oddities: Oddity[];
}
export interface EvidenceDocument {
  documentId: DocumentId;
  fileName: string;
  kind: DocumentKind;
  /** All of it that can be read was read. */
  isRead: boolean;
  pages: EvidencePage[];
}

/** What the rules look at: one matter's evidence, as this laptop has it. */
export interface Evidence {
  documents: EvidenceDocument[];
  /** Without those that a person rejected. */
  lines: BillLineView[];
  lossDay: string | null;
  /** The documents of a kind in which a passage holds all of these, each of them words in a row; null while not all pages were looked through. */
  mentioning(words: string[], kind: DocumentKind): Set<string> | null;
}

/** `ownKeys`: the answers, one for each charge and two documents, that say that they are charges of their own. */
export type Question = Omit<QuestionView, 'settled' | 'mayBeOwn'> & { ownKeys?: string[] };
export type QuestionRule = (evidence: Evidence) => Question[];

/** "page 3", "pages 3 and 5 to 7" */
export function pageWords(pages: readonly number[]): string {
  const runs: string[] = [];
  const sorted = [...new Set(pages)].toSorted((a, b) => a - b);
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    const [first, last] = [String(sorted[at]), String(sorted[end])];
    runs.push(end === at ? first : end === at + 1 ? `${first}, ${last}` : `${first} to ${last}`);
    at = end + 1;
  }
  const joined = runs.length > 1 ? `${runs.slice(0, -1).join(', ')} and ${runs.at(-1) ?? ''}` : (runs[0] ?? '');
  return `${sorted.length === 1 ? 'page' : 'pages'} ${joined}`;
}
