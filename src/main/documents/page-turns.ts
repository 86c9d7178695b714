import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const Degrees = z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]);
type Degrees = z.infer<typeof Degrees>;
const Turned = z.object({ all: Degrees, pages: z.record(z.string().regex(/^\d{1,6}$/), Degrees) });
const Turns = z.record(z.uuid(), Turned);

/** How a person turned pages on this laptop. It is about her eyes, not about the document: nobody else sees it. */
export interface PageTurns {
  /** Degrees clockwise, for each page counted from 1. */
  of(documentId: string): (page: number) => number;
  /** Turns a page, or all (null), further clockwise; all by 0: every page as it came. */
  turn(documentId: string, page: number | null, by: number): void;
}

const full = (degrees: number): Degrees => Degrees.parse(((degrees % 360) + 360) % 360);

/** Kept in a file beside the person's store, of ids and degrees; null: for as long as Steno runs. A file that says nothing sensible is begun anew. */
export function createPageTurns(path: string | null): PageTurns {
  const turns = new Map(Object.entries(path === null ? {} : read(path)));
  return {
    of(documentId) {
      const turned = turns.get(documentId);
      return (page) => full((turned?.all ?? 0) + (turned?.pages[String(page)] ?? 0));
    },
    turn(documentId, page, by) {
      const { all, pages } = turns.get(documentId) ?? { all: 0, pages: {} };
      const next =
        page === null && by === 0
          ? { all: full(0), pages: {} }
          : page === null
            ? { all: full(all + by), pages }
            : { all, pages: { ...pages, [String(page)]: full((pages[String(page)] ?? 0) + by) } };
      const kept = Object.fromEntries(Object.entries(next.pages).filter(([, degrees]) => degrees !== 0));
      if (next.all === 0 && Object.keys(kept).length === 0) turns.delete(documentId);
      else turns.set(documentId, { all: next.all, pages: kept });
      if (path === null) return;
      writeFileSync(`${path}.new`, JSON.stringify(Object.fromEntries(turns)), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

function read(path: string): z.infer<typeof Turns> {
  try {
    return Turns.catch({}).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
