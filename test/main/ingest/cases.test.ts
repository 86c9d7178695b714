import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCases, type Cases } from '../../../src/main/ingest/cases.ts';
import { createMatters, type Matters } from '../../../src/main/matters/matters.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import type { Remote } from '../../../src/main/sync/remote.ts';
import { createFakeServer, type FakeFirm } from '../../support/fake-remote.ts';
import { makeLaptop, must, testFolder, type TestLaptop } from '../../support/laptop.ts';

const server = createFakeServer();
const opened: Cases[] = [];
let firm: FakeFirm;
let root: string;

interface Desk {
  laptop: TestLaptop;
  matters: Matters;
  cases: Cases;
  /** Case folders by title, as this laptop has them. */
  folders(): Record<string, string | null>;
  sync(): Promise<void>;
  watched: [matterId: string, folder: string][];
}

function openDesk(laptop = makeLaptop(), options: { isShared?: boolean; mayWrite?: boolean } = {}): Desk {
  const { isShared = false, mayWrite = true } = options;
  const remote: Remote = server.signIn(firm, 'Paralegal', laptop.deviceId);
  const matters = createMatters({ store: laptop.store, write: laptop.write, clock: { now: () => 1 } });
  const watched: Desk['watched'] = [];
  const cases = createCases({
    store: laptop.store,
    matters,
    mayWrite,
    now: () => 1,
    onFolder: (matterId, folder) => watched.push([matterId, folder]),
    onChanged: () => undefined,
    onBug(error) {
      throw error;
    },
    isShared: () => Promise.resolve(isShared),
  });
  opened.push(cases);
  return {
    laptop,
    matters,
    cases,
    watched,
    folders: () => Object.fromEntries(matters.list().map(({ title, folderPath }) => [title, folderPath && basename(folderPath)])),
    async sync() {
      while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
      while ((await pullOnce(laptop.store, remote, () => 0)).more);
    },
  };
}
/** A folder counts once it was seen twice under one name. */
async function look(desk: Desk): Promise<void> {
  await desk.cases.look();
  await desk.cases.look();
}
function addFolder(name: string, file: string | null = 'bill.pdf'): string {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  if (file !== null) writeFileSync(join(path, file), 'x');
  return path;
}
async function openCases(desk: Desk, withPresent = false): Promise<void> {
  must(await desk.cases.add({ folder: root, withPresent }));
  await desk.cases.look();
}

beforeEach(() => {
  firm = server.addFirm();
  root = mkdtempSync(join(testFolder(), 'cases-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((cases) => cases.stop()));
});

test('a new sub-folder is a new matter from its first file on, once, and after a restart too', async () => {
  const desk = openDesk();
  await openCases(desk);
  addFolder('rivera-v-bestvalue', null);
  await look(desk);
  expect(desk.folders()).toEqual({});
  addFolder('rivera-v-bestvalue/records');
  await look(desk);
  expect(desk.folders()).toEqual({ 'Rivera v. Bestvalue': 'rivera-v-bestvalue' });
  expect(desk.watched).toHaveLength(1);
  await look(desk);
  const again = openDesk(desk.laptop);
  await look(again);
  expect(again.folders()).toEqual({ 'Rivera v. Bestvalue': 'rivera-v-bestvalue' });
});

test('a name that was there for a moment only, files, links, and folders that programs make are no matters', async () => {
  const desk = openDesk();
  await openCases(desk);
  addFolder('New folder');
  await desk.cases.look();
  renameSync(join(root, 'New folder'), join(root, 'Okafor'));
  addFolder('.git');
  addFolder('~$lock');
  addFolder('only-temporary', '~$x.docx');
  writeFileSync(join(root, 'a file.pdf'), 'x');
  symlinkSync(testFolder(), join(root, 'link'));
  await desk.cases.look();
  expect(desk.folders()).toEqual({});
  await desk.cases.look();
  expect(desk.folders()).toEqual({ Okafor: 'Okafor' });
});

test('what was there before stays no matter, unless it was asked for', async () => {
  addFolder('old');
  const desk = openDesk();
  expect(await desk.cases.count(root)).toBe(1);
  await openCases(desk);
  addFolder('new');
  await look(desk);
  expect(desk.folders()).toEqual({ New: 'new' });
  must(desk.cases.remove(root));
  await openCases(desk, true);
  await look(desk);
  expect(desk.folders()).toEqual({ New: 'new', Old: 'old' });
});

test('a renamed folder stays its matter’s; another one under the old name is a matter of its own', async () => {
  const desk = openDesk();
  await openCases(desk);
  addFolder('Smith');
  await look(desk);
  const [{ matterId } = { matterId: '' }] = desk.matters.list();
  renameSync(join(root, 'Smith'), join(root, 'Smith (settled)'));
  await look(desk);
  expect(desk.folders()).toEqual({ Smith: 'Smith (settled)' });
  expect(desk.watched.at(-1)).toEqual([matterId, join(root, 'Smith (settled)')]);
  addFolder('Smith');
  await look(desk);
  expect(desk.cases.view().asked).toMatchObject([{ name: 'Smith', like: null }]); // of that name one is here, with its folder
  must(await desk.cases.decide({ path: join(root, 'Smith'), decision: 'new' }));
  expect(
    desk.matters
      .list()
      .map(({ folderPath }) => folderPath && basename(folderPath))
      .toSorted(),
  ).toEqual(['Smith', 'Smith (settled)']);
});

test('two laptops that see one folder appear on a share, apart, make one matter of it', async () => {
  const [a, b] = [openDesk(makeLaptop(), { isShared: true }), openDesk(makeLaptop(), { isShared: true })];
  await openCases(a);
  await openCases(b);
  addFolder('Smith');
  await look(a);
  await look(b);
  await a.sync();
  await b.sync();
  await a.sync();
  expect([a.folders(), b.folders()]).toEqual([{ Smith: 'Smith' }, { Smith: 'Smith' }]);
  expect(firm.rows.get('matter')?.size).toBe(1);
});

test('two people who call one folder of a share a new matter make one, too', async () => {
  const [a, b] = [openDesk(makeLaptop(), { isShared: true }), openDesk(makeLaptop(), { isShared: true })];
  const own = mkdtempSync(join(testFolder(), 'own-'));
  mkdirSync(join(own, 'smith'));
  must(await a.matters.create({ folder: join(own, 'smith') }));
  await a.sync();
  await b.sync();
  await openCases(a);
  await openCases(b);
  const path = addFolder('Smith');
  for (const desk of [a, b]) {
    await look(desk);
    must(await desk.cases.decide({ path, decision: 'new' }));
  }
  await a.sync();
  await b.sync();
  expect(firm.rows.get('matter')?.size).toBe(2); // the one of that name, and this one
});

test('control: the same on folders that are no share, each laptop’s own, makes two matters: two clients are never one', async () => {
  const [a, b] = [openDesk(), openDesk()];
  await openCases(a);
  await openCases(b);
  addFolder('Smith');
  await look(a);
  await look(b);
  await a.sync();
  await b.sync();
  expect(firm.rows.get('matter')?.size).toBe(2);
});

test('on a share, too, folders of one name are two matters', async () => {
  const a = openDesk(makeLaptop(), { isShared: true });
  await openCases(a);
  addFolder('Smith');
  await look(a);
  await a.sync();
  rmSync(join(root, 'Smith'), { recursive: true });
  const b = openDesk(makeLaptop(), { isShared: true });
  await openCases(b);
  utimesSync(addFolder('Smith'), 1, 1);
  await look(b);
  await b.sync();
  expect(firm.rows.get('matter')?.size).toBe(2);
});

test('a folder that may be a colleague’s matter is asked about, and the answer stands', async () => {
  const colleague = openDesk();
  const own = mkdtempSync(join(testFolder(), 'own-'));
  mkdirSync(join(own, 'smith'));
  const theirs = must(await colleague.matters.create({ folder: join(own, 'smith') }));
  await colleague.sync();
  const desk = openDesk();
  await desk.sync();
  await openCases(desk);
  for (const name of ['Smith', 'SMITH.', 'Smith, ']) addFolder(name);
  await look(desk);
  const like = { matterId: theirs.matterId, title: 'Smith' };
  expect(desk.cases.view().asked.map(({ name, like: one }) => [name, one])).toEqual([
    ['SMITH.', like],
    ['Smith', like],
    ['Smith, ', like],
  ]);
  must(await desk.cases.decide({ path: join(root, 'Smith'), decision: 'same', matterId: theirs.matterId }));
  expect(desk.folders()).toEqual({ Smith: 'Smith' });
  expect(await desk.cases.decide({ path: join(root, 'SMITH.'), decision: 'same', matterId: theirs.matterId })).toMatchObject({
    error: { code: 'conflict' },
  });
  must(await desk.cases.decide({ path: join(root, 'SMITH.'), decision: 'leave' }));
  must(await desk.cases.decide({ path: join(root, 'Smith, '), decision: 'new' }));
  await look(desk);
  expect(desk.cases.view().asked).toEqual([]);
  expect(
    desk.matters
      .list()
      .map(({ folderPath }) => folderPath && basename(folderPath))
      .toSorted(),
  ).toEqual(['Smith', 'Smith, ']);
});

test('the folder of a matter that was deleted does not make it anew', async () => {
  const a = openDesk(makeLaptop(), { isShared: true });
  await openCases(a);
  addFolder('Smith');
  await look(a);
  a.laptop.store.raw.exec('update matter set deleted_at = 1; delete from case_folder');
  await look(a);
  expect(a.folders()).toEqual({});
  expect(a.laptop.store.raw.prepare('select count(*) from matter').pluck().get()).toBe(1);
});

test('a cases folder that cannot be reached is said to be, and nothing is taken for gone', async () => {
  addFolder('old');
  const desk = openDesk();
  await openCases(desk);
  renameSync(root, `${root}-away`);
  await look(desk);
  expect(desk.cases.view().folders).toEqual([{ folder: root, isReachable: false }]);
  renameSync(`${root}-away`, root);
  await look(desk);
  expect(desk.cases.view().folders).toEqual([{ folder: root, isReachable: true }]);
  expect(desk.folders()).toEqual({}); // the old one is still known
});

test('refused: a folder that is not there, a case folder, and one within it', async () => {
  const desk = openDesk();
  const path = addFolder('Smith');
  must(await desk.matters.create({ folder: path }));
  mkdirSync(join(path, 'records'));
  const add = (folder: string) => desk.cases.add({ folder, withPresent: true });
  expect(await add(join(root, 'nowhere'))).toMatchObject({ error: { code: 'invalid_input' } });
  expect(await add(path)).toMatchObject({ error: { code: 'conflict' } });
  expect(await add(join(path, 'records'))).toMatchObject({ error: { code: 'conflict' } });
  expect(await add(root)).toMatchObject({ ok: true });
});

test('whoever may only read makes no matters', async () => {
  const desk = openDesk(makeLaptop(), { mayWrite: false });
  await openCases(desk);
  addFolder('Smith');
  await look(desk);
  expect(desk.folders()).toEqual({});
});

test('a store that cannot be read any more is told once, and ends nothing but the look', async () => {
  const { laptop } = openDesk();
  const bugs: unknown[] = [];
  const cases = createCases({
    store: laptop.store,
    matters: createMatters({ store: laptop.store, write: laptop.write, clock: { now: () => 1 } }),
    mayWrite: true,
    now: () => 1,
    onFolder: () => undefined,
    onChanged: () => undefined,
    onBug: (error) => bugs.push(error),
    everyMs: 1,
  });
  laptop.store.close();
  cases.start();
  await cases.look();
  await cases.look();
  await cases.stop();
  expect(bugs).toHaveLength(1);
});
