import { expect, test } from 'vitest';
import { readFirmFileText, trustWords } from '../../src/renderer/setup/firm-file.ts';
import { mostFirmFileBytes, type FirmFileView } from '../../src/shared/provision.ts';

const view: FirmFileView = {
  firmName: 'Pardo Lane LLP', firmSlug: 'pardo-lane', server: 's', issuedAt: '2026-01-05T09:00:00.000Z', expiresAt: null,
  fingerprint: 'AAAA', trust: 'first', knownFingerprint: null,
}; // prettier-ignore

test('a file of a megabyte is read, one byte more is refused before it is read', async () => {
  const most = 'x'.repeat(mostFirmFileBytes);
  expect(await readFirmFileText(new File([most], 'a'))).toEqual({ ok: true, value: most });
  const tooLarge = { size: mostFirmFileBytes + 1, text: () => Promise.reject(new Error('it must not be read')) };
  expect(await readFirmFileText(tooLarge)).toMatchObject({ ok: false, error: { reason: expect.stringContaining('1 MB') } });
});

test('what Windows puts before a text does not matter, and a folder is refused in words', async () => {
  expect(await readFirmFileText(new File(['\ufeff{}'], 'a'))).toEqual({ ok: true, value: '{}' });
  const folder = { size: 4096, text: () => Promise.reject(new DOMException('', 'NotReadableError')) };
  expect(await readFirmFileText(folder)).toMatchObject({ ok: false, error: { reason: expect.stringContaining('not a folder') } });
});

test('each kind of trust says what to do; only a changed key asks for the explicit choice', () => {
  expect(trustWords(view)).toMatchObject({ title: expect.stringContaining('sheet from your IT'), connect: 'It matches, connect' });
  expect(trustWords({ ...view, trust: 'known' }).connect).toBe('Connect');
  expect(trustWords({ ...view, trust: 'pinned' }).title).toContain('your IT installed');
  const changed = trustWords({ ...view, trust: 'changed', knownFingerprint: 'BBBB CCCC' });
  expect(changed).toMatchObject({ advice: expect.stringContaining('BBBB CCCC'), connect: 'This is the new key' });
});
