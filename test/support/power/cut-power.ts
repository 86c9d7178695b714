import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshId } from '../../../src/main/host/ids.ts';
import { openStore } from '../../../src/main/store/store.ts';
import { draftPathOf, openDraft } from '../../../src/main/sync/snapshot/draft.ts';
import type { Random } from '../../sim/random.ts';
import { must, storeKey, testFolder } from '../laptop.ts';
import { createDisk, readDiskLog, tracedCalls, type DiskEvent } from './disk-log.ts';
import { digestOf } from './store-digest.ts';

/** What a laptop at work wrote, synced and acknowledged, as the kernel saw it. `program` gets a store's path, its key and `mode`. */
export function record(program: string, mode: string): DiskEvent[] {
  const folder = join(testFolder(), freshId());
  mkdirSync(folder);
  const trace = `${folder}.strace`;
  const traced = ['-o', trace, '-xx', '-s', '10000000', '-e', `trace=${tracedCalls}`, '-e', 'signal=none'];
  const ran = spawnSync('strace', [...traced, process.execPath, program, join(folder, 'steno.db'), storeKey, mode], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (ran.stderr !== '') throw new Error(ran.stderr);
  return readDiskLog(trace, folder);
}

/** What the store of a laptop holds that wakes up with this on its disk. Where a copy of the firm was being fetched, it must be fit to go on with, or be let go. */
function wakeUp(files: Map<string, Buffer>): string {
  const folder = join(testFolder(), freshId());
  mkdirSync(folder);
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  const path = join(folder, 'steno.db');
  const opened = openStore(path, storeKey);
  try {
    if (!opened.ok) return `does not open: ${opened.error.code}`;
    const integrity = must({ ok: true, value: opened.value.raw.pragma('integrity_check', { simple: true }) });
    if (files.has('steno.db.next')) must(openDraft(draftPathOf(path), storeKey)).close();
    return integrity === 'ok' ? digestOf(opened.value) : 'is damaged';
  } finally {
    if (opened.ok) opened.value.close();
    rmSync(folder, { recursive: true });
  }
}

/**
 * Cuts the power at many moments of one record, or kills the process there; says what was wrong afterwards, nothing where all acknowledged work was there each time and
 * nothing half done.
 */
export function* cutPower(events: DiskEvent[], random: Random, moments: number): Generator<string> {
  const held = events.flatMap((event) => (event.what === 'said' ? [event.text.replace(/^(may hold|holds) /, '')] : []));
  const disk = createDisk();
  let said = 0;
  let acknowledged = 0;
  for (const event of events) {
    disk.do(event);
    const isSaid = event.what === 'said';
    if (isSaid) said += 1;
    if (isSaid && event.text.startsWith('holds ')) acknowledged = said;
    // names change seldom, and everything hangs on them
    const isChosen = event.what === 'rename' || event.what === 'unlink' || random() < moments / events.length;
    const found = [...(isSaid || isChosen ? [wakeUp(disk.afterPowerLoss(null))] : [])];
    if (isChosen) found.push(wakeUp(disk.afterPowerLoss(random)), wakeUp(disk.afterPowerLoss(random)), wakeUp(disk.afterKill()));
    const allowed = held.slice(Math.max(0, acknowledged - 1));
    for (const one of found)
      if (!allowed.includes(one)) yield `after ${String(acknowledged)}: ${held.includes(one) ? 'acknowledged work is gone' : one}`;
  }
}
