import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshId } from '../../../src/main/host/ids.ts';
import { readRescue } from '../../../src/main/rescue/read-rescue.ts';
import { makeRecoveryKey, seal } from '../../../src/main/rescue/seal.ts';
import { writeRescue } from '../../../src/main/rescue/write-rescue.ts';
import { makeLaptop, must, outboxOf, testFolder } from '../../support/laptop.ts';
import { ada, leaveWork } from '../../support/unsynced-work.ts';

const key = await makeRecoveryKey();
const fresh = (): string => join(testFolder(), freshId(), '2026-01-02 1200 ab12cd34 key 1A2B-3C4D.age');
const at = Date.UTC(2026, 0, 2, 12);

async function rescueOf(laptop = makeLaptop()) {
  const work = leaveWork(laptop);
  const path = fresh();
  const input = { store: laptop.store, reason: 'revoked' as const, now: at, publicKey: key.publicKey, path };
  return { laptop, work, path, counts: must(await writeRescue(input)), input };
}

test('all that the firm does not have is in the file, in order, with titles, author and the bytes of files', async () => {
  const { laptop, work, path, counts } = await rescueOf();
  expect(counts).toEqual({ changes: 5, files: 1, unreadable: 0 });
  const filesTo = join(testFolder(), freshId());
  const rescued = must(await readRescue(path, key.secret, filesTo));
  expect(rescued.about).toMatchObject({
    reason: 'revoked',
    at: '2026-01-02T12:00:00.000Z',
    author: { email: ada.email },
    firm: { slug: 'pardo-lane' },
  });
  expect(rescued.changes.map(({ mutation }) => mutation.mutationId)).toEqual(outboxOf(laptop.store).map((row) => row.mutation_id));
  expect(rescued.changes.map(({ mutation: { entity }, state, of }) => [entity, state, of])).toEqual([
    ['matter', 'waiting', null],
    ['letter', 'waiting', 'Demand to BestValue'],
    ['letter_update', 'waiting', 'Demand to BestValue'],
    ['document', 'waiting', 'bill.pdf'],
    ['matter', 'refused', null],
  ]);
  expect(new Set(rescued.changes.map(({ matter }) => matter))).toEqual(new Set(['Rivera v. BestValue', 'Rivera v. BestValue Stores']));
  expect(rescued.changes.at(-1)).toMatchObject({ refusal: 'forbidden', before: { title: 'Rivera v. BestValue' } });
  expect(rescued.letters).toMatchObject([{ title: 'Demand to BestValue', text: work.sentence, textAtFirm: '' }]);
  expect(rescued.files).toMatchObject([{ name: 'bill.pdf', sizeBytes: work.bytes.length, isWhole: true }]);
  expect(await readFile(join(filesTo, work.contentHash))).toEqual(work.bytes);
});

test('what the firm confirmed is not in it; a store with nothing to save says so', async () => {
  const laptop = makeLaptop();
  leaveWork(laptop);
  laptop.store.raw.exec('delete from outbox; update blob set uploaded = 1');
  const path = fresh();
  const counts = await writeRescue({ store: laptop.store, reason: 'revoked', now: at, publicKey: key.publicKey, path });
  expect(must(counts)).toEqual({ changes: 0, files: 0, unreadable: 0 });
  expect(must(await readRescue(path, key.secret))).toMatchObject({ changes: [], letters: [], files: [] });
});

test('nothing of it is readable on the disk, and it is its user’s alone; no second file is left behind', async () => {
  const { path, work } = await rescueOf();
  const bytes = await readFile(path);
  for (const plain of [work.sentence, 'Rivera', ada.email, work.contentHash, '%PDF']) expect(bytes.includes(plain), plain).toBe(false);
  expect(await readdir(join(path, '..'))).toEqual(['2026-01-02 1200 ab12cd34 key 1A2B-3C4D.age']);
});

test('a line that is too long, of another kind, or out of place is no rescue file; what was collected is thrown away', async () => {
  const about = {
    kind: 'about',
    format: 'steno-rescue',
    version: 1,
    reason: 'revoked',
    at: '2026-01-02T12:00:00.000Z',
    firm: null,
    author: null,
    deviceId: null,
  };
  const end = { kind: 'end', changes: 0, files: 0, unreadable: 0 };
  const made = async (...lines: unknown[]): Promise<string> => {
    const path = join(testFolder(), `${freshId()}.age`);
    const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
    for await (const chunk of seal([Buffer.from(text)], [key.publicKey])) await writeFile(path, chunk, { flag: 'a' });
    return path;
  };
  expect(await readRescue(await made(about, end), key.secret)).toMatchObject({ ok: true });
  const broken: unknown[][] = [
    [about],
    [end],
    [about, about, end],
    [about, end, end],
    [about, 'no JSON', end],
    [about, { kind: 'new' }, end],
    [about, { ...end, changes: 1 }],
  ];
  broken.push([about, { kind: 'chunk', sha256: 'a'.repeat(64), base64: 'AAAA' }, end]);
  broken.push([about, { kind: 'file', sha256: '../../etc', name: 'x', matter: null, sizeBytes: 1 }, end]);
  for (const lines of broken) {
    const filesTo = join(testFolder(), freshId());
    expect(await readRescue(await made(...lines), key.secret, filesTo), JSON.stringify(lines)).toMatchObject({
      ok: false,
      error: { code: 'corrupt' },
    });
    expect(existsSync(filesTo)).toBe(false);
  }
});

test('another key, a cut-off file and a file that is not there are told apart, and leave no folder', async () => {
  const { path } = await rescueOf();
  const filesTo = join(testFolder(), freshId());
  const other = await makeRecoveryKey();
  expect(await readRescue(path, other.secret, filesTo)).toMatchObject({
    error: { code: 'invalid_input', reason: expect.stringContaining('1A2B-3C4D by its name') },
  });
  await writeFile(`${path}.cut`, (await readFile(path)).subarray(0, -9));
  expect(await readRescue(`${path}.cut`, key.secret, filesTo)).toMatchObject({
    error: { code: 'corrupt', reason: expect.stringContaining('cut off or changed') },
  });
  expect(await readRescue(`${path}.none`, key.secret, filesTo)).toMatchObject({ error: { code: 'not_found' } });
  expect((await readdir(testFolder())).filter((name) => name.includes(filesTo.slice(-36)))).toEqual([]);
});

test('written again under the same name it is whole both times', async () => {
  const { input, path } = await rescueOf();
  must(await writeRescue(input));
  expect(must(await readRescue(path, key.secret)).changes).toHaveLength(5);
});

test('a folder that cannot be written is named', async () => {
  const laptop = makeLaptop();
  leaveWork(laptop);
  const path = join(laptop.path, 'x.age'); // in a file, not in a folder
  const written = await writeRescue({ store: laptop.store, reason: 'revoked', now: at, publicKey: key.publicKey, path });
  expect(written).toMatchObject({ ok: false, error: { code: 'provider_failed', reason: expect.stringContaining('Nothing was erased') } });
});

test('what does not come back from the disk as it was written is noticed: another file, a cut-off one, one of another store', async () => {
  const { input, path } = await rescueOf();
  const whole = await readFile(path);
  const another = await readFile((await rescueOf()).path);
  const spoilt = [whole.subarray(0, -1), Buffer.concat([whole, Buffer.alloc(1)]), another, Buffer.alloc(0)];
  for (const bytes of spoilt) {
    const readBack = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes);
    };
    expect(await writeRescue({ ...input, readBack })).toMatchObject({
      ok: false,
      error: { code: 'corrupt', reason: expect.stringContaining('Nothing was erased') },
    });
  }
});
