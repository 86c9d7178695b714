import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentile, type Measured } from './measure.ts';
import { measureZero, quotedZero } from './zero.ts';

const rows = process.env['STENO_BENCH_SIZE'] === 'small' ? 20_000 : 100_000;

/** What Zero reaches at what P1 and P4 ask: as measured here where it is installed, else as GOALS.md has it. */
export async function zeroFigures(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'steno-bench-zero-'));
  try {
    const measured = await measureZero(folder, rows);
    const how = measured ? '' : ' (not installed: as in GOALS.md)';
    const p95 = measured ? percentile(measured.writeMs, 0.95) : quotedZero.p95Ms;
    return [
      row(
        'P1',
        `Zero: rows of one table into its replica, not encrypted${how}`,
        measured?.rowsPerSecond ?? quotedZero.rowsPerSecond,
        'rows/s',
      ),
      row('P4', `Zero: a write until its replica has it, p95${how}`, p95, 'ms'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const row = (goal: string, what: string, value: number, unit: string): Measured => ({ goal, what, value, unit, limit: '', met: null });
