import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { FirmConnection } from '../../src/shared/setup.ts';
import { firstSync } from './first-sync.ts';

/** A first sync as a process of its own, which says how much memory it had at most. */
const Order = z.object({ path: z.string(), keyHex: z.string(), connection: FirmConnection, token: z.string(), isLookOnly: z.boolean() });
const order = Order.parse(JSON.parse(process.env['STENO_BENCH_FIRST_SYNC'] ?? '{}'));
const idleMb = peakMb();
process.send?.({ ...(await firstSync(order)), idleMb, peakMb: peakMb() });
process.disconnect();

/** Linux counts what the process that forked this one had at most into maxRSS, so there the kernel's own mark is read. */
function peakMb(): number {
  const status = '/proc/self/status';
  const kB = existsSync(status) ? /VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  return Number(kB ?? process.resourceUsage().maxRSS) / 1024;
}
