import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { desc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ExportFile, ExportFormat, ExportView } from '../../shared/export.ts';
import type { ExportId, LetterId } from '../../shared/ids.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Clock } from '../host/host.ts';
import { freshId } from '../host/ids.ts';
import type { Letters } from '../letters/letters.ts';
import { exported, exportFile, user } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Write } from '../sync/outbox.ts';
import { renderDocx } from './docx.ts';
import { renderPdf } from './pdf.ts';
import { printableLetter } from './printable.ts';

const mediaTypes: Record<ExportFormat, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
};

export interface Export {
  /** Writes the letter, or one of its versions, as a file into the exports folder; a finalized letter becomes Exported. Errors: not_found, full, provider_failed. */
  create(letterId: string, format: ExportFormat, versionId?: string): Promise<Outcome<ExportView>>;
  list(letterId: string): ExportView[];
  read(exportId: string): Promise<Outcome<z.infer<typeof ExportFile>>>;
  pathOf(exportId: string): string | null;
}

interface ExportInput {
  store: Store;
  write: Write;
  letters: Letters;
  clock: Clock;
  userId: string;
  folder: string;
}

export function createExport({ store, write, letters, clock, userId, folder }: ExportInput): Export {
  const { db } = store;

  function views(where: ReturnType<typeof eq>): ExportView[] {
    const rows = db
      .select({ e: exported, path: exportFile.path, first: user.firstName, last: user.lastName })
      .from(exported)
      .leftJoin(exportFile, eq(exportFile.exportId, exported.exportId))
      .leftJoin(user, eq(user.userId, exported.exportedBy))
      .where(where)
      .orderBy(desc(exported.exportedAt))
      .all();
    return rows.map(({ e, path, first, last }) => ({
      exportId: e.exportId as ExportId,
      letterId: e.letterId as LetterId,
      format: e.exportFormat,
      fileName: e.fileName,
      path,
      sizeBytes: e.fileSize,
      exportedByName: first && last ? `${first} ${last}` : null,
      exportedAt: e.exportedAt,
    }));
  }
  const pathOf = (exportId: string): string | null =>
    db.select().from(exportFile).where(eq(exportFile.exportId, exportId)).get()?.path ?? null;

  return {
    pathOf,
    list: (letterId) => views(eq(exported.letterId, letterId)),

    async create(letterId, format, versionId) {
      const whole = letters.whole(letterId, versionId);
      if (!whole.ok) return whole;
      const { blocks, values, firm, style, title, status, version } = whole.value;
      const finalized = version ? version.isMajor : status !== 'Draft' && status !== 'In_Review';
      const print = printableLetter({ blocks, values, letterhead: firm, style, title, finalized });
      const bytes = await (format === 'docx' ? renderDocx(print) : renderPdf(print));
      const exportId = freshId();
      const which = version ? ` version ${String(version.number ?? 'of ' + stamp(version.at ?? 0))}` : '';
      const fileName = `${safeName(title)}${which}${finalized ? '' : ' DRAFT'} ${stamp(clock.now())}.${format}`;
      const path = join(folder, fileName);
      try {
        await mkdir(folder, { recursive: true });
        // whole or not at all: a cut-off letter must never lie there under the right name
        await writeFile(`${path}.part`, bytes, { flush: true });
        await rename(`${path}.part`, path);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? '';
        if (code === 'ENOSPC' || code === 'EDQUOT')
          return err({
            code: 'full',
            what: 'the exported letter',
            reason: 'Free some disk space and export again; the letter itself is safe.',
          });
        return err({
          code: 'provider_failed',
          what: 'writing the exported letter',
          reason: `The exports folder cannot be written (${code}). Check that it exists and is yours; the letter itself is safe.`,
        });
      }
      const outcome = write((change) => {
        const contentHash = createHash('sha256').update(bytes).digest('hex');
        const row = {
          exportId,
          letterId,
          exportFormat: format,
          fileName,
          fileSize: bytes.length,
          contentHash,
          exportedBy: userId,
          exportedAt: clock.now(),
        };
        change.insert('export', row);
        change.db.insert(exportFile).values({ exportId, path }).run();
        if (status === 'Finalized' && finalized && !version) change.patch('letter', letterId, { status: 'Exported' });
        return ok({});
      });
      if (!outcome.ok) return outcome;
      const view = views(eq(exported.exportId, exportId))[0];
      return view ? ok(view) : err({ code: 'not_found', what: 'the export' });
    },

    async read(exportId) {
      const view = views(eq(exported.exportId, exportId))[0];
      if (!view) return err({ code: 'not_found', what: 'the export' });
      if (!view.path) return err({ code: 'not_found', what: 'the file, which a colleague made on another laptop,' });
      try {
        return ok({ fileName: view.fileName, mediaType: mediaTypes[view.format], base64: (await readFile(view.path)).toString('base64') });
      } catch {
        return err({ code: 'not_found', what: `the file ${view.fileName}, which was moved or deleted,` });
      }
    },
  };
}

/** A title as a file name every system takes. */
function safeName(title: string): string {
  return (
    title
      .replace(/[<>:"/\\|?*\p{Cc}]/gu, ' ')
      .replace(/\s+/g, ' ')
      .replace(/[. ]+$/, '')
      .slice(0, 100)
      .trim() || 'Letter'
  );
}

/** Local date and time, so that two exports of a letter do not overwrite each other. */
function stamp(now: number): string {
  const at = new Date(now);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}
