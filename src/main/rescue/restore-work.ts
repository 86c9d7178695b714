import { ok, type Outcome } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { entityShape, fromWire } from '../sync/entities.ts';
import { keepFile } from '../sync/files/kept-files.ts';
import { contentsOf } from './contents.ts';
import { createGently, type Gently } from './gently.ts';
import type { Change, Counts, RescuedFile } from './lines.ts';

/**
 * Puts what can be read of a damaged store's own into a fresh one: who may open it, which folders it watches, and what the firm does not have.
 * Rows of the firm are left out: the first pull brings them, and puts the waiting changes on top.
 */
export function restoreWork(damaged: Store, fresh: Store, now: number): Outcome<Counts> {
  return fresh.transaction((db) => {
    const read = createGently(damaged);
    for (const table of ['local_account', 'laptop_policy', 'file_setting', 'spelling_setting']) copyRows(read, fresh, table, null);
    for (const table of ['case_folder', 'cases_folder', 'cases_subfolder', 'folder_file', 'export_file', 'matter_pin', 'spelling_word'])
      copyRows(read, fresh, table, `sqlite_autoindex_${table}_1`);
    const device = read.one<{ device_id: string }>('select device_id from sync_state');
    if (device) fresh.raw.prepare('insert into sync_state (only, device_id) values (1, ?)').run(device.device_id);

    let counts: Counts = { changes: 0, files: 0, unreadable: 0 };
    let file: { of: RescuedFile; parts: Buffer[] } | null = null;
    const takeFile = (): void => {
      const bytes = file && Buffer.concat(file.parts);
      if (file && bytes?.length === file.of.sizeBytes) keepFile(db, file.of.sha256, bytes, now);
      // one with a hole is read from its case folder again
      else if (file) fresh.raw.prepare('delete from folder_file where content_hash = ?').run(file.of.sha256);
      file = null;
    };
    for (const line of contentsOf(damaged, 'damaged', now)) {
      if (line.kind === 'change') restoreChange(fresh, line, now);
      else if (line.kind === 'chunk') file?.parts.push(Buffer.from(line.base64, 'base64'));
      else takeFile();
      if (line.kind === 'file') file = { of: line, parts: [] };
      if (line.kind === 'end') counts = { changes: line.changes, files: line.files, unreadable: line.unreadable };
    }
    return ok({ ...counts, unreadable: counts.unreadable + read.unreadable() });
  });
}

function restoreChange(fresh: Store, { mutation, state, refusal, before, at }: Change, now: number): void {
  const { mutationId, entity, entityId, op, baseRevision, patch } = mutation;
  const values = [mutationId, entity, entityId, op, baseRevision, JSON.stringify(patch), before && JSON.stringify(before)];
  fresh.raw
    .prepare(
      `insert into outbox (mutation_id, entity, entity_id, op, base_revision, patch, before, state, reason, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
    )
    .run(...values, state === 'refused' ? 'dead' : 'waiting', refusal, at === null ? now : Date.parse(at));
  const shape = entityShape(entity);
  if (!shape || state === 'refused') return;
  const columns = fromWire(shape, patch);
  const names = Object.keys(columns);
  if (op === 'insert') {
    const all = { ...columns, [shape.idColumn]: entityId, revision: 0 };
    const into = Object.keys(all).map((name) => `"${name}"`);
    const sql = `insert into "${shape.table}" (${into.join(', ')}) values (${into.map(() => '?').join(', ')}) on conflict do nothing`;
    fresh.raw.prepare(sql).run(...Object.values(all));
  } else if (names.length > 0) {
    // a row of the firm's is not here yet; one of this laptop's own is
    const sql = `update "${shape.table}" set ${names.map((name) => `"${name}" = ?`).join(', ')} where "${shape.idColumn}" = ?`;
    fresh.raw.prepare(sql).run(...names.map((name) => columns[name] ?? null), entityId);
  }
}

function copyRows(read: Gently, fresh: Store, table: string, index: string | null): void {
  for (const { rowid: _, ...row } of read.each<Record<string, string | number | null>>(table, index)) {
    const names = Object.keys(row).map((name) => `"${name}"`);
    const sql = `insert into "${table}" (${names.join(', ')}) values (${names.map(() => '?').join(', ')}) on conflict do nothing`;
    fresh.raw.prepare(sql).run(...Object.values(row));
  }
}
