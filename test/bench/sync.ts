import type { Measured } from './measure.ts';
import { feedFigures } from './sync-feed.ts';
import { liveFigures } from './sync-live.ts';
import { pushFigures } from './sync-push.ts';
import { storeFigures } from './sync-store.ts';
import { zeroFigures } from './sync-zero.ts';

/** Each measures one side of sync on servers and stores of its own; a file `sync-*.ts` for each. */
const parts: (() => Promise<Measured[]>)[] = [storeFigures, feedFigures, liveFigures, pushFigures, zeroFigures];

/** P1 to P7 of the goals, beside what others reach on the same machine in the same run. */
export async function sync(): Promise<Measured[]> {
  const rows: Measured[] = [];
  for (const part of parts) rows.push(...(await part()));
  return rows;
}
