import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Store } from '../../src/main/store/store.ts';

export interface PageOf {
  /** Of a table or an index. */
  name: string;
  page: number;
  kind: 'internal' | 'leaf' | 'overflow';
}

/** Which page of the file holds what. */
export function pagesOf(store: Store): PageOf[] {
  return store.raw.prepare('select name, pageno as page, pagetype as kind from dbstat order by pageno').all() as PageOf[];
}

/** One bit of a page of a closed store turns over, as a tired disk does it. */
export function flipBit(path: string, page: number, at = 1000): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  const position = (page - 1) * 4096 + at;
  readSync(file, byte, 0, 1, position);
  byte[0] = (byte[0] ?? 0) ^ 1;
  writeSync(file, byte, 0, 1, position);
  closeSync(file);
}
