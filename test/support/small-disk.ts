import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A disk of its own that really is full when it is full. */
export interface SmallDisk {
  folder: string;
  /** Leaves so many bytes free, no more. */
  fill(leaveBytes?: number): void;
  /** Somebody cleans up. */
  free(): void;
}

/** Gone after the file's last test. */
export function mountSmallDisk(sizeBytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'steno-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(sizeBytes)},mode=755`, 'tmpfs', folder]);
  afterAll(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  const ballast = join(folder, 'ballast');
  let pieces = 0;
  return {
    folder,
    fill(leaveBytes = 0) {
      mkdirSync(ballast, { recursive: true });
      const { bavail, bsize } = statfsSync(folder);
      const bytes = Math.floor((bavail * bsize - leaveBytes) / bsize) * bsize;
      if (bytes > 0) writeFileSync(join(ballast, String((pieces += 1))), Buffer.alloc(bytes));
    },
    free: () => rmSync(ballast, { recursive: true, force: true }),
  };
}
