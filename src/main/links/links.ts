import { and, eq, isNull, or } from 'drizzle-orm';
import { z } from 'zod';
import { DocumentKind } from '../../shared/documents.ts';
import type { DocumentId, LinkId } from '../../shared/ids.ts';
import { LinkKind, type AddLink, type DecideLinks, type LinkView } from '../../shared/links.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { idOf } from '../host/ids.ts';
import type { JobHandler, Jobs } from '../jobs/jobs.ts';
import { documentLink } from '../store/link-schema.ts';
import { document, user } from '../store/schema.ts';
import type { Db, Store } from '../store/store.ts';
import type { Change, Write } from '../sync/outbox.ts';
import { candidatesFor } from './candidates.ts';
import { linkDocument } from './link-document.ts';
import { linkRules, linksFrom, type FoundLink, type Kinded } from './link-rules.ts';

/** The job that looks for what a document belongs to. */
const linkKind = 'link-document';
const Payload = z.object({ documentId: z.string() });

/** How documents of a matter belong together: rules propose, people decide and link by hand. */
export interface Links {
  /** What a document belongs to, what was turned down last. */
  of(documentId: string): LinkView[];
  /** Links two documents because a person says so; also what had been turned down. */
  add(input: AddLink): Outcome<Nothing>;
  decide(input: DecideLinks): Outcome<Nothing>;
  /** A document was read, or is of another kind: it is looked at soon. Part of the caller's transaction. */
  enqueue(db: Db, documentId: string): void;
  handlers: Record<typeof linkKind, JobHandler>;
}

interface LinksInput {
  store: Store;
  write: Write;
  jobs: Jobs;
  /** Why this user may not decide about links, or null. */
  mayNotDecide: string | null;
}

const linkIdOf = (fromDocumentId: string, toDocumentId: string, kind: string): string =>
  idOf('document_link', fromDocumentId, toDocumentId, kind);

export function createLinks({ store, write, jobs, mayNotDecide }: LinksInput): Links {
  const { db } = store;
  const refused = (): Outcome<never> => err({ code: 'forbidden', what: 'links between documents', reason: mayNotDecide ?? '' });

  const kinded = ({ documentType, fileType }: Pick<typeof document.$inferSelect, 'documentType' | 'fileType'>): Kinded => ({
    kind: DocumentKind.catch('Other').parse(documentType),
    mediaType: fileType,
  });

  function of(documentId: string): LinkView[] {
    const seen = db.select().from(document).where(eq(document.documentId, documentId)).get();
    if (!seen) return [];
    const rows = db
      .select({ link: documentLink, other: document, first: user.firstName, last: user.lastName })
      .from(documentLink)
      .innerJoin(
        document,
        or(
          and(eq(documentLink.fromDocumentId, documentId), eq(document.documentId, documentLink.toDocumentId)),
          and(eq(documentLink.toDocumentId, documentId), eq(document.documentId, documentLink.fromDocumentId)),
        ),
      )
      .leftJoin(user, eq(user.userId, documentLink.decidedBy))
      .where(and(isNull(documentLink.deletedAt), isNull(document.deletedAt), eq(document.matterId, seen.matterId)))
      .all();
    const views = rows.flatMap(({ link, other, first, last }): LinkView[] => {
      const kind = LinkKind.safeParse(link.linkKind);
      // of a kind that only a newer Steno knows
      if (!kind.success) return [];
      const isFrom = link.fromDocumentId === documentId;
      // a proposal about what turned out to be something else
      if (link.state === 'proposed' && !stillFits(link.linkKind, isFrom ? seen : other, isFrom ? other : seen)) return [];
      return [
        {
          linkId: link.linkId as LinkId,
          kind: kind.data,
          isFrom,
          confidence: link.confidence,
          why: link.why,
          method: link.method,
          state: link.state,
          decidedByName: first !== null && last !== null ? `${first} ${last}` : null,
          other: {
            documentId: other.documentId as DocumentId,
            fileName: other.fileName,
            relativePath: other.relativePath,
            kind: kinded(other).kind,
            missing: other.isMissing,
          },
        },
      ];
    });
    const order = { approved: 0, proposed: 1, rejected: 2 };
    return views.sort(
      (a, b) =>
        order[a.state] - order[b.state] || b.confidence - a.confidence || a.other.relativePath.localeCompare(b.other.relativePath, 'en'),
    );
  }

  function stillFits(kind: string, from: typeof document.$inferSelect, to: typeof document.$inferSelect): boolean {
    const rule = linkRules.find((one) => one.kind === kind);
    return !rule || rule.fits(kinded(from), kinded(to));
  }

  /** Once for a pair and kind on all laptops; what a person decided about stays, and a surer reason takes the place of another. */
  function propose(change: Change, { from, to, kind, confidence, why }: FoundLink): void {
    const linkId = linkIdOf(from, to, kind);
    const known = change.db.select().from(documentLink).where(eq(documentLink.linkId, linkId)).get();
    if (!known) {
      const pair = { fromDocumentId: from, toDocumentId: to };
      change.insert('document_link', { linkId, ...pair, linkKind: kind, confidence, method: 'rule', state: 'proposed', why });
    } else if (known.state === 'proposed' && known.confidence < confidence) {
      change.patch('document_link', linkId, { confidence, why });
    }
  }

  const handler: JobHandler = async (payload, signal) => {
    const { documentId } = Payload.parse(payload);
    const one = linkDocument(db, documentId);
    if (!one) return;
    for (const otherId of candidatesFor(store, one)) {
      // texts of hundreds of pages: others get their turn between two of them
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      const other = linkDocument(db, otherId);
      if (other?.matterId !== one.matterId) continue;
      const found = [...linksFrom(one, other), ...linksFrom(other, one)];
      if (found.length === 0) continue;
      const kept = store.jot(() =>
        write((change) => {
          for (const link of found) propose(change, link);
          return ok({});
        }),
      );
      if (!kept.ok) throw new Error(kept.error.code);
    }
  };

  return {
    of,
    add({ fromDocumentId, toDocumentId, kind }) {
      if (mayNotDecide !== null) return refused();
      const [from, to] = [fromDocumentId, toDocumentId].map((id) =>
        db
          .select({ matterId: document.matterId })
          .from(document)
          .where(and(eq(document.documentId, id), isNull(document.deletedAt)))
          .get(),
      );
      if (!from || !to) return err({ code: 'not_found', what: 'the document' });
      if (fromDocumentId === toDocumentId)
        return err({ code: 'invalid_input', what: 'the link', reason: 'Choose another document: this one is linked to itself already.' });
      if (from.matterId !== to.matterId)
        return err({ code: 'invalid_input', what: 'the link', reason: 'The two documents belong to different matters.' });
      return write((change) => {
        const linkId = linkIdOf(fromDocumentId, toDocumentId, kind);
        const pair = { fromDocumentId, toDocumentId };
        const isNew = change.insert('document_link', {
          linkId,
          ...pair,
          linkKind: kind,
          confidence: 100,
          method: 'person',
          state: 'approved',
        });
        if (!isNew) change.patch('document_link', linkId, { state: 'approved' });
        return ok({});
      });
    },
    decide({ linkIds, decision }) {
      if (mayNotDecide !== null) return refused();
      return write((change) => {
        for (const linkId of linkIds)
          if (!change.patch('document_link', linkId, { state: decision })) return err({ code: 'not_found', what: 'the link' });
        return ok({});
      });
    },
    enqueue(tx, documentId) {
      jobs.enqueue(tx, linkKind, documentId, { documentId });
    },
    handlers: { [linkKind]: handler },
  };
}
