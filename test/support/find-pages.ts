import { freshId } from '../../src/main/host/ids.ts';
import type { OpenedPart } from '../../src/main/find/expression.ts';
import { createFind, type Find } from '../../src/main/find/find.ts';
import type { Store } from '../../src/main/store/store.ts';
import { makeLaptop, must, type TestLaptop } from './laptop.ts';
import { ok } from '../../src/shared/result.ts';

export interface FindLaptop extends TestLaptop {
  find: Find;
  bugs: unknown[];
  addMatter(title?: string): string;
  /** A document with these pages; its id. */
  addDocument(matterId: string, relativePath: string, pages: string[], kind?: string): string;
}

export const finder = (store: Store, bugs: unknown[] = []): Find =>
  createFind({ store, onBug: (error) => void bugs.push(error), onIndexed: () => undefined });

/** A laptop without a firm, with what finds things on it. */
export function makeFindLaptop(): FindLaptop {
  const laptop = makeLaptop();
  const bugs: unknown[] = [];
  return Object.assign(laptop, {
    bugs,
    find: finder(laptop.store, bugs),
    addMatter(title = 'Ames v. Harbor') {
      const matterId = freshId();
      must(laptop.write((change) => ok(change.insert('matter', { matterId, title, status: 'Open' }))));
      return matterId;
    },
    addDocument(matterId: string, relativePath: string, pages: string[], kind = 'Other') {
      const documentId = freshId();
      must(
        laptop.write((change) => {
          change.insert('document', {
            documentId,
            matterId,
            fileName: relativePath.split('/').at(-1) ?? relativePath,
            relativePath,
            fileType: 'text/plain',
            fileSize: 1,
            contentHash: freshId(),
            documentType: kind,
            processingStatus: 'read',
            isMissing: false,
          });
          pages.forEach((extractedText, n) => change.insert('page', { pageId: freshId(), documentId, pageNumber: n + 1, extractedText }));
          return ok({});
        }),
      );
      return documentId;
    },
  });
}

/** One word of a question, plainly: no synonym, nothing spelled like it. */
export function partOf(asked: string): OpenedPart {
  return { asked, words: [asked], told: null, synonyms: [], isOpen: false, isBegun: false, begun: [], typos: [] };
}
