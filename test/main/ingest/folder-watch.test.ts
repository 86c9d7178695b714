import { mkdir, mkdtemp, rename, rm, symlink, truncate, utimes, writeFile, appendFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hashFile, watchFolder, type FolderWatch, type FolderWatchOptions } from '../../../src/main/ingest/folder-watch.ts';

let root = '';
let folder = '';
let open: FolderWatch[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'steno-watch-'));
  folder = join(root, 'case');
  await mkdir(folder);
});
afterEach(async () => {
  await Promise.all(open.map((watch) => watch.close()));
  open = [];
  await rm(root, { recursive: true, force: true });
});

async function put(path: string, text = path): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

interface Told {
  watch: FolderWatch;
  log: string[];
  present: string[][];
  count(entry: string): number;
}

function start(options: FolderWatchOptions = {}): Told {
  const log: string[] = [];
  const present: string[][] = [];
  const watch = watchFolder(
    folder,
    {
      onFile: (file) => log.push(`file ${file.relativePath} ${String(file.sizeBytes)}`),
      onMissing: (path) => log.push(`missing ${path}`),
      onFolderGone: (reason) => log.push(`gone ${reason.slice(0, 15)}`),
      onFolderBack: () => log.push('back'),
      onScanDone: (paths) => {
        log.push('scanned');
        present.push(paths);
      },
    },
    { settleMs: 60, heartbeatMs: 60, pollMs: 60, ...options },
  );
  open.push(watch);
  return { watch, log, present, count: (entry) => log.filter((line) => line === entry).length };
}

const soon = { timeout: 10_000, interval: 15 };
const until = (check: () => void): Promise<void> => vi.waitFor(check, soon);

describe('watchFolder', () => {
  test('tells every file that is there at the start, then that it looked through all', async () => {
    await put('a.txt', '12345');
    await put('Bills/July/b é.pdf', '1');
    const told = start();
    await until(() => expect(told.log).toContain('scanned'));
    expect(told.log.toSorted()).toEqual(['file Bills/July/b é.pdf 1', 'file a.txt 5', 'scanned']);
    expect(told.present).toEqual([['Bills/July/b é.pdf', 'a.txt']]);
  });

  test.each([false, true])('tells new, changed, renamed and removed files (polling: %s)', async (polling) => {
    const told = start({ polling });
    await until(() => expect(told.log).toContain('scanned'));
    await put('new/one.txt', 'x');
    await until(() => expect(told.log).toContain('file new/one.txt 1'));
    await put('new/one.txt', 'xyz');
    await until(() => expect(told.log).toContain('file new/one.txt 3'));
    await rename(join(folder, 'new/one.txt'), join(folder, 'two.txt'));
    await until(() => expect(told.log).toEqual(expect.arrayContaining(['file two.txt 3', 'missing new/one.txt'])));
    await rm(join(folder, 'two.txt'));
    await until(() => expect(told.log).toContain('missing two.txt'));
  });

  test('a file that grows is told once, whole; a control with no wait for quiet sees it unfinished', async () => {
    const patient = start({ settleMs: 3000 });
    const hasty = start({ settleMs: 0 });
    await until(() => expect([patient.count('scanned'), hasty.count('scanned')]).toEqual([1, 1]));
    await put('big.pdf', '.');
    await until(() => expect(hasty.log).toContain('file big.pdf 1'));
    for (let size = 2; size <= 20; size++) {
      await appendFile(join(folder, 'big.pdf'), '.');
      await until(() => expect(hasty.log).toContain(`file big.pdf ${String(size)}`));
    }
    await until(() => expect(patient.log).toContain('file big.pdf 20'));
    expect(patient.log.filter((line) => line.startsWith('file'))).toEqual(['file big.pdf 20']);
  });

  test('leaves out temporary files, dotfiles, links and sockets, and nothing else', async () => {
    await writeFile(join(root, 'secret.txt'), 'outside');
    const server = createServer().listen(join(folder, 'socket'));
    const ignored = [
      '~$letter.docx',
      'x.tmp',
      '.DS_Store',
      'Thumbs.db',
      'scan.pdf.crdownload',
      '.~lock.bill.odt#',
      'old.lock',
      '.git/config',
      'desktop.ini',
    ];
    for (const path of [...ignored, 'tmp.pdf', '$100 bill.pdf', 'lock/key.txt', 'a.b.c']) await put(path);
    await symlink(join(root, 'secret.txt'), join(folder, 'link.txt'));
    await symlink(root, join(folder, 'up'));
    const told = start();
    await until(() => expect(told.log).toContain('scanned'));
    await put('late.tmp');
    await put('late.txt');
    await until(() => expect(told.log).toContain('file late.txt 8'));
    server.close();
    const names = told.log.filter((line) => line.startsWith('file')).map((line) => line.slice(5, line.lastIndexOf(' ')));
    expect(names.toSorted()).toEqual(['$100 bill.pdf', 'a.b.c', 'late.txt', 'lock/key.txt', 'tmp.pdf']);
  });

  test('a folder that goes and comes back loses nothing, and calls nothing missing while it is away', async () => {
    await put('a.txt', 'a');
    await put('b.txt', 'b');
    const told = start();
    await until(() => expect(told.log).toContain('scanned'));
    await rename(folder, `${folder}-away`);
    await until(() => expect(told.log).toContain('gone The case folder'));
    await rm(join(`${folder}-away`, 'a.txt'));
    await writeFile(join(`${folder}-away`, 'c.txt'), 'ccc');
    expect(told.log.filter((line) => line.startsWith('missing'))).toEqual([]);
    await rename(`${folder}-away`, folder);
    await until(() => expect(told.count('scanned')).toBe(2));
    expect(told.log.slice(told.log.indexOf('back')).toSorted()).toEqual([
      'back',
      'file b.txt 1',
      'file c.txt 3',
      'missing a.txt',
      'scanned',
    ]);
    await put('d.txt', 'd');
    await until(() => expect(told.log).toContain('file d.txt 1'));
  });

  test('an empty folder in its place is a drive that is not connected; a control with files is looked through', async () => {
    await put('a.txt', 'a');
    const told = start();
    await until(() => expect(told.log).toContain('scanned'));
    await mkdir(`${folder}-mount`);
    await rename(folder, `${folder}-away`);
    await rename(`${folder}-mount`, folder);
    await until(() => expect(told.log).toContain('gone The case folder'));
    expect(told.log).not.toContain('missing a.txt');
  });

  test('a folder that is not there at the start is waited for', async () => {
    await rm(folder, { recursive: true });
    const told = start();
    await until(() => expect(told.log).toContain('gone The case folder'));
    await put('a.txt', 'a');
    await until(() => expect(told.log).toEqual(expect.arrayContaining(['back', 'file a.txt 1', 'scanned'])));
  });

  test('rescan tells every file again; without it a file is told once', async () => {
    await put('a.txt', 'a');
    const told = start();
    await until(() => expect(told.log).toContain('scanned'));
    expect(told.count('file a.txt 1')).toBe(1);
    await told.watch.rescan();
    expect([told.count('file a.txt 1'), told.count('scanned')]).toEqual([2, 2]);
  });

  test('where nothing is announced, a file that did not change is not told again, however often it is looked at', async () => {
    await put('a.txt', '1');
    const told = start({ polling: true });
    await until(() => expect(told.log).toContain('scanned'));
    for (const name of ['b.txt', 'c.txt', 'd.txt']) {
      await put(name, '1');
      await until(() => expect(told.log).toContain(`file ${name} 1`));
    }
    expect(told.log.toSorted()).toEqual(['file a.txt 1', 'file b.txt 1', 'file c.txt 1', 'file d.txt 1', 'scanned']);
  });

  test('closed while a file goes on changing it tells nothing more of it', async () => {
    await put('grows.txt', '.');
    const told = start({ settleMs: 100, polling: true, pollMs: 1e9, heartbeatMs: 1e9 });
    // it is another at each look, so the scan ends without it and goes on waiting for it
    while (told.count('scanned') === 0) {
      await appendFile(join(folder, 'grows.txt'), '.');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await told.watch.close();
    const after = start({ settleMs: 300 });
    await until(() => expect(after.log.some((line) => line.startsWith('file grows.txt'))).toBe(true));
    expect(told.log).toEqual(['scanned']);
  });

  test('after close nothing is told', async () => {
    const told = start();
    await until(() => expect(told.log).toContain('scanned'));
    const witness = start();
    await told.watch.close();
    await put('late.txt', 'x');
    await until(() => expect(witness.log).toContain('file late.txt 1'));
    expect(told.log).toEqual(['scanned']);
  });
});

describe('hashFile', () => {
  test('is the SHA-256 of the bytes', async () => {
    await put('a.txt', 'abc');
    const hashed = await hashFile(join(folder, 'a.txt'));
    expect(hashed).toMatchObject({
      ok: true,
      value: { hash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', sizeBytes: 3 },
    });
  });

  const changes: [string, (path: string) => Promise<void>][] = [
    ['grows', (path) => appendFile(path, 'more')],
    ['shrinks', (path) => truncate(path, 10)],
    ['is touched', (path) => utimes(path, 1, 1)],
    [
      'is replaced',
      async (path) => {
        await writeFile(`${path}.new`, 'y'.repeat(3_000_000));
        await rename(`${path}.new`, path);
      },
    ],
  ];
  test.each(changes)('tells when a file %s while it is read; the same file left alone is hashed', async (_what, change) => {
    await put('big.bin', 'x'.repeat(3_000_000));
    const path = join(folder, 'big.bin');
    let once = false;
    const disturbed = await hashFile(path, {
      onPiece: async () => {
        if (!once) await change(path);
        once = true;
      },
    });
    expect(disturbed).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect((await hashFile(path)).ok).toBe(true);
  });

  test('a file that is gone is not found', async () => {
    expect(await hashFile(join(folder, 'none'))).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});
