import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signText } from '../../../src/main/host/signature.ts';
import { readFirmFile } from '../../../src/main/setup/firm-file-text.ts';
import { canonicalForm } from '../../../src/shared/provision.ts';
import { explain } from '../../../src/shared/errors.ts';
import { firmFileContent, makeFirmFile, makeTestKey, whileGood } from '../../support/firm-file.ts';
import { must } from '../../support/laptop.ts';

const key = makeTestKey();
const text = makeFirmFile(key);
const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`firm-file-text seed ${String(seed)} (repeat with STENO_SEED)`);

type Json = Record<string, unknown>;
const parsed = (): Json => JSON.parse(text) as Json;
const changed = (change: Json): string => JSON.stringify({ ...parsed(), ...change });

/** What a person reads about a file. */
function words(of: string, now = whileGood): string {
  const read = readFirmFile(of, now);
  if (read.ok) return 'fine';
  const { title, advice } = explain(read.error);
  return `${title} ${advice}`;
}

test('a file says what was put into it, whatever its spacing and order', () => {
  const { signature: _, key: signer, ...content } = must(readFirmFile(text, whileGood));
  expect(content).toEqual({ format: 'steno-provision', version: 1, ...firmFileContent });
  expect(signer).toBe(key.publicKey);
  const turned = JSON.stringify(Object.fromEntries(Object.entries(parsed()).reverse())).replaceAll(',', ',\r\n');
  expect(must(readFirmFile(turned, whileGood))).toEqual(must(readFirmFile(text, whileGood)));
});

test('a field of a newer Steno is signed too, and does no harm here', () => {
  const { signature: _, ...content } = parsed();
  const wider = { ...content, connection: { ...firmFileContent.connection, unheardOf: { host: 'b', port: 1 } } };
  const file = JSON.stringify({ ...wider, signature: signText(key.privateKey, canonicalForm(wider) ?? '') });
  expect(must(readFirmFile(file, whileGood)).connection).toEqual(firmFileContent.connection);
  expect(words(file.replace('"port":1', '"port":2'))).toContain('changed after');
});

test('each way to be wrong has a sentence of its own', () => {
  const said = {
    changed: words(text.replace('steno.pardolane', 'steno.pardo1ane')),
    cutOff: words(text.slice(0, -200)),
    expired: words(text, Date.UTC(2026, 3, 6)),
    newer: words(changed({ version: 2 })),
    other: words('{"name":"x"}'),
    unsigned: words(changed({ signature: undefined })),
  };
  expect(said).toEqual({
    changed: expect.stringMatching(/changed after your IT signed it/),
    cutOff: expect.stringMatching(/Part of it is missing/),
    expired: expect.stringMatching(/good until Apr 5, 2026.*date is Apr 6, 2026/),
    newer: expect.stringMatching(/version 2.*reads version 1/),
    other: expect.stringMatching(/not a file that connects Steno/),
    unsigned: expect.stringMatching(/no signature/),
  });
  for (const noFile of ['', '[]', 'null', '1', 'PK\u0003\u0004', '{"format":"steno-provision"}', '"steno"'])
    expect(words(noFile)).toContain('not a file that connects Steno');
  expect(words(`{"format":"steno-provision","version":1,"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)).toContain('no signature');
  expect(words(text.replace('"options": {', `"options": {"deep": ${'['.repeat(50_000)}${']'.repeat(50_000)},`))).toContain('changed after');
});

test('what is signed and makes no sense is named', () => {
  // as a newer or broken tool would write it: the shape is wrong, the signature right
  const bad = { ...firmFileContent, options: { offlineSignInDays: 400 } };
  expect(() => makeFirmFile(key, bad)).toThrow();
  const read = readFirmFile(JSON.stringify({ ...parsed(), options: { offlineSignInDays: 400 } }), whileGood, () => true);
  expect(read).toMatchObject({ ok: false, error: { reason: expect.stringContaining('options.offlineSignInDays') } });
});

test('a file is good up to its last moment; one without an end always is', () => {
  const end = Date.parse(firmFileContent.expiresAt ?? '');
  expect(words(text, end - 1)).toBe('fine');
  expect(words(text, end)).toContain('good until');
  const { expiresAt: _, ...endless } = firmFileContent;
  expect(words(makeFirmFile(key, { ...endless, expiresAt: undefined }), end * 2)).toBe('fine');
});

/** Another character at any place, or one taken out, or one put in. */
const damage = fc.record({
  at: fc.nat(text.length - 1),
  how: fc.constantFrom('replace', 'remove', 'insert'),
  character: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
});
const apply = ({ at, how, character }: { at: number; how: string; character: string }): string =>
  text.slice(0, at) + (how === 'remove' ? '' : character) + text.slice(how === 'insert' ? at : at + 1);

/** What a laptop would act on: all but the signature itself. */
function meaning(of: string, isSigned?: () => boolean): string | null {
  const read = readFirmFile(of, whileGood, isSigned);
  if (!read.ok) return null;
  const { signature: _, ...rest } = read.value;
  return JSON.stringify(rest);
}

test('whatever character is changed, the file is refused or means the very same', () => {
  const meant = meaning(text);
  fc.assert(
    fc.property(damage, (one) => {
      const got = meaning(apply(one));
      expect(got === null || got === meant).toBe(true);
    }),
    { seed, numRuns: 3000 },
  );
});

test('control: with the signature unchecked, such changes get through', () => {
  const meant = meaning(text);
  const slipped = fc.sample(damage, { seed, numRuns: 1000 }).filter((one) => {
    const got = meaning(apply(one), () => true);
    return got !== null && got !== meant;
  });
  expect(slipped.length).toBeGreaterThan(100);
});

test('whatever field is changed, added or taken out, at any depth, the signature no longer holds', () => {
  const paths = ['issuedAt', 'expiresAt', 'firm.slug', 'firm.name', 'options.offlineSignInDays', 'options', 'connection', 'key'];
  paths.push(...Object.keys(firmFileContent.connection).map((name) => `connection.${name}`));
  for (const path of [...paths, 'extra', 'connection.extra', 'firm.extra', 'options.extra', '__proto__']) {
    for (const value of [undefined, null, 'x', 1, [], {}, 'A'.repeat(43)]) {
      const copy = parsed();
      const names = path.split('.');
      const last = names.pop() ?? '';
      const parent = names.reduce<Json>((json, name) => json[name] as Json, copy);
      if (!Object.hasOwn(parent, last) && value === undefined) continue;
      Object.defineProperty(parent, last, { value, enumerable: true });
      expect(readFirmFile(JSON.stringify(copy), whileGood).ok, `${path} = ${JSON.stringify(value)}`).toBe(false);
    }
  }
});

test('a signature moved from another file of the same key does not hold', () => {
  const other = JSON.parse(makeFirmFile(key, { issuedAt: '2026-01-06T09:00:00.000Z' })) as Json;
  expect(words(changed({ signature: other['signature'] }))).toContain('changed after');
  expect(words(changed({ key: makeTestKey().publicKey }))).toContain('changed after');
});
