import { eq } from 'drizzle-orm';
import type { DocumentKind } from '../../shared/documents.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { idOf } from '../host/ids.ts';
import { feedback } from '../store/link-schema.ts';
import { document } from '../store/schema.ts';
import type { Db } from '../store/store.ts';
import type { Change, Patch, Write } from '../sync/outbox.ts';
import { learnedKind, type Pupil } from './lessons.ts';

/** What the rules make of a document's name and text. */
export interface Told {
  kind: DocumentKind;
  kindWhy: string;
  kindConfidence: number;
}

/**
 * What a document's row is to say of its kind once it was read: what a person said stays; what people said of others like it goes before the rules where it is the
 * surer.
 */
export function kindFields(db: Db, pupil: Pupil, told: Told, userId: string): Patch<'document'> {
  const row = db.select({ kindBy: document.kindBy }).from(document).where(eq(document.documentId, pupil.documentId)).get();
  if (row?.kindBy === 'person') return {};
  const learned = learnedKind(db, pupil, userId);
  if (learned && learned.confidence > told.kindConfidence)
    return { documentType: learned.kind, kindBy: 'learned', kindConfidence: learned.confidence, kindWhy: learned.why };
  return { documentType: told.kind, kindBy: 'rule', kindConfidence: told.kindConfidence, kindWhy: told.kindWhy };
}

export interface Kinds {
  /** A person says what a document is: it stays so, and others like it are taken for the same from now on. */
  set(documentId: string, kind: DocumentKind): Outcome<Nothing>;
}

interface KindsInput {
  write: Write;
  userId: string;
  userName: string;
  /** Why this user may not decide, or null. */
  mayNotDecide: string | null;
  /** Its facts and links are looked for anew. Part of the transaction. */
  onChanged(change: Change, documentId: string): void;
}

export function createKinds({ write, userId, userName, mayNotDecide, onChanged }: KindsInput): Kinds {
  return {
    set(documentId, kind) {
      if (mayNotDecide !== null) return err({ code: 'forbidden', what: 'documents', reason: mayNotDecide });
      return write((change) => {
        const fields = { documentType: kind, kindBy: 'person' as const, kindConfidence: 100, kindWhy: `${userName} said so` };
        if (!change.patch('document', documentId, fields)) return err({ code: 'not_found', what: 'the document' });
        const feedbackId = idOf('feedback', 'kind', documentId, userId);
        const isNew = change.insert('feedback', { feedbackId, subject: 'document', documentId, correctedType: kind });
        const known = isNew ? null : change.db.select().from(feedback).where(eq(feedback.feedbackId, feedbackId)).get();
        if (known && known.correctedType !== kind) change.patch('feedback', feedbackId, { correctedType: kind });
        onChanged(change, documentId);
        return ok({});
      });
    },
  };
}
