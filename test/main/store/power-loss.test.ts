import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freshId } from '../../../src/main/host/ids.ts';
import { openStore } from '../../../src/main/store/store.ts';
import { must, storeKey, testFolder } from '../../support/laptop.ts';
import { createDisk, readDiskLog, tracedCalls, type DiskEvent } from '../../support/power/disk-log.ts';
import { digestOf } from '../../support/power/store-digest.ts';
import { seeded } from '../../sim/random.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000);
/** Moments at which the power goes, besides right after each acknowledgement. */
const moments = Number(process.env['STENO_POWER_CUTS'] ?? 150);
const program = fileURLToPath(new URL('../../support/power/writing-process.ts', import.meta.url));

/** What a laptop at work wrote, synced and acknowledged, as the kernel saw it. */
function record(synchronous: 'full' | 'normal' | 'off'): DiskEvent[] {
  const folder = join(testFolder(), freshId());
  mkdirSync(folder);
  const trace = `${folder}.strace`;
  const traced = ['-o', trace, '-xx', '-s', '10000000', '-e', `trace=${tracedCalls}`, '-e', 'signal=none'];
  const ran = spawnSync('strace', [...traced, process.execPath, program, join(folder, 'steno.db'), storeKey, synchronous], {
    encoding: 'utf8',
  });
  if (ran.stderr !== '') throw new Error(ran.stderr);
  return readDiskLog(trace, folder);
}

/** What the store of a laptop holds that wakes up with this on its disk. */
function wakeUp(files: Map<string, Buffer>): string {
  const folder = join(testFolder(), freshId());
  mkdirSync(folder);
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  const opened = openStore(join(folder, 'steno.db'), storeKey);
  if (!opened.ok) return `does not open: ${opened.error.code}`;
  try {
    const integrity = must({ ok: true, value: opened.value.raw.pragma('integrity_check', { simple: true }) });
    return integrity === 'ok' ? digestOf(opened.value) : 'is damaged';
  } finally {
    opened.value.close();
    rmSync(folder, { recursive: true });
  }
}

/** Cuts the power at many moments of one record; says what was wrong afterwards, nothing where all acknowledged work was there each time. */
function* cutPower(events: DiskEvent[]): Generator<string> {
  const random = seeded(seed);
  const held = events.flatMap((event) => (event.what === 'said' ? [event.text.replace('holds ', '')] : []));
  const disk = createDisk();
  let acknowledged = 0;
  for (const event of events) {
    disk.do(event);
    const isSaid = event.what === 'said';
    if (isSaid) acknowledged += 1;
    const cuts = [...(isSaid ? [null] : []), ...(random() < moments / events.length ? [null, random, random] : [])];
    for (const cut of cuts) {
      const found = wakeUp(disk.afterPowerLoss(cut));
      const allowed = held.slice(Math.max(0, acknowledged - 1));
      if (!allowed.includes(found)) yield `after ${String(acknowledged)}: ${held.includes(found) ? 'acknowledged work is gone' : found}`;
    }
  }
}

test(
  '[S1] the power goes at any moment: what was acknowledged is there, whole transactions only, and the store is sound',
  { timeout: 60_000 + moments * 1_000 },
  () => {
    const events = record('full');
    expect(events.filter(({ what }) => what === 'said')).toHaveLength(62);
    expect(events.filter(({ what }) => what === 'sync').length).toBeGreaterThan(60);
    expect([...cutPower(events)], `STENO_SEED=${String(seed)}`).toEqual([]);
  },
);

test.each(['normal', 'off'] as const)('control: with synchronous=%s acknowledged work is gone', { timeout: 60_000 }, (synchronous) => {
  const [first] = cutPower(record(synchronous));
  expect(first).toContain('acknowledged work is gone');
});
