import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Random } from '../../sim/random.ts';

/** What a process did to the disk, and what it said, in order. */
export type DiskEvent =
  | { what: 'write'; file: string; at: number; bytes: Buffer }
  | { what: 'truncate'; file: string; size: number }
  /** `file` is one file for as long as it is there, whatever it is called. */
  | { what: 'create'; file: string; name: string }
  | { what: 'rename'; from: string; name: string }
  | { what: 'unlink'; name: string }
  | { what: 'sync'; file: string }
  | { what: 'syncFolder' }
  | { what: 'said'; text: string };

export const tracedCalls = 'openat,close,pwrite64,write,fsync,fdatasync,ftruncate,unlink,rename,renameat2';

/** Reads strace's record (`-xx`, so that every string is hex) of one thread: what it did in this folder, and to its standard output. */
export function readDiskLog(trace: string, folder: string): DiskEvent[] {
  const events: DiskEvent[] = [];
  const names = new Map<number, string>([[1, 'stdout']]);
  const there = new Map<string, string>();
  let created = 0;
  for (const line of readFileSync(trace, 'latin1').split('\n')) {
    const [, call = '', given = '', result = ''] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(line) ?? [];
    if (call === '' || Number(result) < 0) continue;
    const fd = Number(/^\d+/.exec(given)?.[0]);
    const name = names.get(fd);
    if (call === 'openat') {
      const path = textOf(given);
      if (dirname(path) === folder && !there.has(path) && given.includes('O_CREAT')) {
        there.set(path, `${basename(path)} ${String((created += 1))}`);
        events.push({ what: 'create', file: there.get(path) ?? '', name: basename(path) });
      }
      const file = path === folder ? 'folder' : there.get(path);
      if (file === undefined) names.delete(Number(result));
      else names.set(Number(result), file);
    } else if (call === 'close') names.delete(fd);
    else if (call.startsWith('rename')) {
      const [from = '', to = ''] = [...given.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([text]) => textOf(text));
      const file = there.get(from);
      if (file === undefined) continue;
      there.delete(from);
      there.set(to, file);
      events.push({ what: 'rename', from: basename(from), name: basename(to) });
    } else if (call === 'unlink' && there.delete(textOf(given))) events.push({ what: 'unlink', name: basename(textOf(given)) });
    else if (name === undefined) continue;
    else if (name === 'stdout') events.push({ what: 'said', text: bytesOf(given).toString().trim() });
    else if (call === 'pwrite64')
      events.push({ what: 'write', file: name, at: Number(/, (\d+)$/.exec(given)?.[1]), bytes: bytesOf(given) });
    else if (call === 'write') throw new Error('a write without a place, which this record does not know yet');
    else if (call === 'ftruncate') events.push({ what: 'truncate', file: name, size: Number(/, (\d+)$/.exec(given)?.[1]) });
    else if (call.endsWith('sync')) events.push(name === 'folder' ? { what: 'syncFolder' } : { what: 'sync', file: name });
  }
  return events;
}

function bytesOf(given: string): Buffer {
  const [, hex = '', cut] = /"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/.exec(given) ?? [];
  if (cut) throw new Error('strace cut a write short');
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}
const textOf = (given: string): string => bytesOf(given).toString();

/** A part of a write, or where the file was cut. */
type Change = { at: number; bytes: Buffer } | { size: number };
interface File {
  durable: Buffer;
  /** Written and not synced: each may reach the disk or not, whatever becomes of the others. */
  pending: Change[];
}
const sectorBytes = 512;

/** A disk with a cache that is lost with the power. */
export interface Disk {
  do(event: DiskEvent): void;
  /** What stands on the disk if the power goes now. Without `random` nothing that was not synced, else some of it, torn at sectors. */
  afterPowerLoss(random: Random | null): Map<string, Buffer>;
  /** What stands there if only the process dies: all that it wrote. */
  afterKill(): Map<string, Buffer>;
}

export function createDisk(): Disk {
  const open = new Map<string, File>();
  const entries = new Map<string, File>();
  let unsynced: ((names: Map<string, File>) => void)[] = [];
  const fileOf = (name: string): File => {
    const file = open.get(name);
    if (!file) throw new Error(`nobody made ${name}`);
    return file;
  };
  return {
    do(event) {
      if (event.what === 'create') {
        const file: File = { durable: Buffer.alloc(0), pending: [] };
        open.set(event.file, file);
        unsynced.push((names) => names.set(event.name, file));
      } else if (event.what === 'rename') {
        unsynced.push((names) => {
          const file = names.get(event.from);
          names.delete(event.from);
          if (file) names.set(event.name, file);
        });
      } else if (event.what === 'unlink') unsynced.push((names) => names.delete(event.name));
      else if (event.what === 'write') {
        const { bytes, at } = event;
        // a write is torn where sectors meet
        let from = 0;
        while (from < bytes.length) {
          const to = Math.min(bytes.length, (Math.floor((at + from) / sectorBytes) + 1) * sectorBytes - at);
          fileOf(event.file).pending.push({ at: at + from, bytes: bytes.subarray(from, to) });
          from = to;
        }
      } else if (event.what === 'truncate') fileOf(event.file).pending.push({ size: event.size });
      else if (event.what === 'sync') {
        const file = fileOf(event.file);
        file.durable = changed(file.durable, file.pending);
        file.pending = [];
      } else if (event.what === 'syncFolder') {
        for (const change of unsynced) change(entries);
        unsynced = [];
      }
    },
    afterPowerLoss(random) {
      const names = new Map(entries);
      // a folder's changes are journaled: a later one is never there without the earlier ones
      const kept = random ? Math.floor(random() * (unsynced.length + 1)) : 0;
      for (const change of unsynced.slice(0, kept)) change(names);
      const reaches = random ? random() : 0;
      const survives = (): boolean => random !== null && random() < reaches;
      return new Map([...names].map(([name, { durable, pending }]) => [name, changed(durable, pending.filter(survives))]));
    },
    afterKill() {
      const names = new Map(entries);
      for (const change of unsynced) change(names);
      return new Map([...names].map(([name, { durable, pending }]) => [name, changed(durable, pending)]));
    },
  };
}

function changed(before: Buffer, changes: Change[]): Buffer {
  const needed = Math.max(before.length, ...changes.map((change) => ('size' in change ? change.size : change.at + change.bytes.length)));
  const bytes = Buffer.alloc(needed);
  before.copy(bytes);
  let size = before.length;
  for (const change of changes) {
    if ('size' in change) {
      bytes.fill(0, change.size); // what lay beyond does not come back when the file grows again
      size = change.size;
    } else {
      change.bytes.copy(bytes, change.at);
      size = Math.max(size, change.at + change.bytes.length);
    }
  }
  return bytes.subarray(0, size);
}
