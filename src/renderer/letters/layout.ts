import { Node, type Extensions } from '@tiptap/core';
import { footnote } from './footnotes.ts';
import { numberedParagraphs } from './numbered.ts';
import { pageBreak } from './page-breaks.ts';
import { tables } from './tables.ts';
import { typedKeys } from './typed-keys.ts';

/** Tables and page breaks stand between the other blocks and in none of them. */
const letterDocument = Node.create({ name: 'doc', topNode: true, content: '(block | table | pageBreak)+' });

/** What a letter holds beside text, lists, quotations and chips. */
export const layoutExtensions: Extensions = [letterDocument, numberedParagraphs, pageBreak, footnote, ...tables, typedKeys];
