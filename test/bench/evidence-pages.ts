import { readFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { freshId } from '../../src/main/host/ids.ts';
import { read } from '../../src/main/documents/read/read-worker.ts';
import type { Store } from '../../src/main/store/store.ts';
import { root } from '../../tools/processes.ts';
import { hasSampleFiles, sampleFolder } from '../support/sample-files.ts';

/** The same numbers in each run. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const heads = [
  'Ab',
  'Bar',
  'Cas',
  'Del',
  'Es',
  'Fer',
  'Gal',
  'Hol',
  'Ib',
  'Jor',
  'Kow',
  'Lam',
  'Mon',
  'Nor',
  'Oka',
  'Per',
  'Quin',
  'Riv',
  'San',
  'Tor',
  'Ul',
  'Var',
  'Wil',
  'Yam',
  'Zam',
  'Schwar',
  'Thom',
  'Mar',
  'Gon',
  'Vil',
];
const middles = [
  'a',
  'e',
  'i',
  'o',
  'u',
  'ar',
  'en',
  'in',
  'on',
  'el',
  'ber',
  'der',
  'man',
  'ter',
  'zal',
  'rod',
  'lan',
  'kow',
  'mir',
  'sel',
];
const tails = [
  'ez',
  'son',
  'ski',
  'ford',
  'ley',
  'ton',
  'man',
  'ini',
  'er',
  'ard',
  'ova',
  'oux',
  'wicz',
  'field',
  'berg',
  'stein',
  'ada',
  'ero',
  'ura',
  'well',
];
const firsts = [
  'Maria',
  'James',
  'Robert',
  'Linda',
  'Elena',
  'David',
  'Susan',
  'Carlos',
  'Aisha',
  'Wei',
  'Priya',
  'Omar',
  'Grace',
  'Peter',
  'Nadia',
  'Ivan',
];
export const surnames = heads.flatMap((head) => middles.flatMap((middle) => tails.map((tail) => head + middle + tail)));

/** Sentences of the sample cases. */
export async function sentences(): Promise<string[]> {
  const folders = [join(root, 'sample'), ...(hasSampleFiles() ? [sampleFolder('rivera-v-bestvalue')] : [])];
  const found: string[] = [];
  for (const folder of folders) {
    for (const path of globSync('**/*.{pdf,docx,txt}', { cwd: folder })) {
      const outcome = await read({ bytes: new Uint8Array(readFileSync(join(folder, path))), fileName: path });
      if (outcome.ok)
        for (const { text } of outcome.value.pages) found.push(...text.split(/(?<=[.!?])\s+|\n/).filter((line) => line.trim().length > 20));
    }
  }
  return found;
}

export interface MadePages {
  pages: number;
  chars: number;
  matterIds: string[];
  /** Milliseconds to write the rows. */
  tookMs: number;
}

const pagesOfDocument = 25;
const documentsOfMatter = 10;
const pageChars = 1_800;

/** Documents as a firm has them: sentences of the sample cases, with people, days, sums and numbers of their own. */
export async function fillWithPages({ raw }: Store, pages: number): Promise<MadePages> {
  const said = await sentences();
  const pick = numbers(7);
  const one = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
  const detail = (): string => {
    const day = `${String(1 + pick(12)).padStart(2, '0')}/${String(1 + pick(28)).padStart(2, '0')}/20${String(18 + pick(8))}`;
    const sum = `$${(1 + pick(90)).toLocaleString('en-US')},${String(100 + pick(900))}.${String(10 + pick(90))}`;
    return one([
      `${one(firsts)} ${one(surnames)} was seen on ${day}. `,
      `Total charges of ${sum} for ${one(surnames)}. `,
      `Claim no. ${one(['AC', 'BV', 'LM'])}-${String(pick(1_000_000))} (${one(surnames)}). `,
    ]);
  };
  const matterIds: string[] = [];
  const addMatter = raw.prepare(`insert into matter (matter_id, title) values (?, ?)`);
  const addDocument = raw.prepare(
    `insert into document (document_id, matter_id, file_name, relative_path, file_type, file_size, content_hash, document_type, processing_status) values (?, ?, ?, ?, 'application/pdf', 1, ?, ?, 'read')`,
  );
  const addPage = raw.prepare('insert into page (page_id, document_id, page_number, extracted_text) values (?, ?, ?, ?)');
  let [chars, tookMs, documentId] = [0, 0, ''];
  for (let from = 0; from < pages; from += 1_000) {
    const texts = Array.from({ length: Math.min(1_000, pages - from) }, () => {
      let text = '';
      while (text.length < pageChars) text += pick(4) === 0 ? detail() : `${one(said)}${pick(5) === 0 ? '\n' : ' '}`;
      return text;
    });
    const started = performance.now();
    raw.transaction(() => {
      for (const [n, text] of texts.entries()) {
        const at = from + n;
        if (at % (pagesOfDocument * documentsOfMatter) === 0)
          addMatter.run(matterIds[matterIds.push(freshId()) - 1], `${one(surnames)} v. ${one(surnames)}`);
        if (at % pagesOfDocument === 0) {
          documentId = freshId();
          const name = `${one(surnames)} ${one(['records', 'bill', 'report', 'letter'])} ${String(at)}.pdf`;
          addDocument.run(
            documentId,
            matterIds.at(-1),
            name,
            `files/${name}`,
            freshId(),
            one(['Medical_Record', 'Bill', 'Police_Report', 'Correspondence']),
          );
        }
        addPage.run(freshId(), documentId, 1 + (at % pagesOfDocument), text);
        chars += text.length;
      }
    })();
    tookMs += performance.now() - started;
  }
  return { pages, chars, matterIds, tookMs };
}
