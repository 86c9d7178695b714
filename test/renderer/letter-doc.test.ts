import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { LetterId } from '../../src/shared/ids.ts';
import type { Bridge } from '../../src/shared/ipc/bridge.ts';
import type { Outcome } from '../../src/shared/result.ts';
import { base64ToBytes, bytesToBase64 } from '../../src/renderer/ui/base64.ts';

// unsaved.ts listens to the window's closing; the logic here needs no more of a window than that.
vi.hoisted(() => {
  Object.assign(globalThis, { window: { addEventListener: () => undefined } });
});
const { openLetterDoc } = await import('../../src/renderer/letters/letter-doc.ts');
const { saveEverything } = await import('../../src/renderer/unsaved.ts');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const letterId = '00000000-0000-4000-8000-000000000001' as LetterId;

function fakeCore() {
  const doc = new Y.Doc();
  let works = true;
  let edits = 0;
  const listeners = new Set<(event: { letterId: string; update: string }) => void>();
  const bridge = {
    call: (_name: string, input: { update: string }): Promise<Outcome<unknown>> => {
      edits += 1;
      if (!works) return Promise.resolve({ ok: false, error: { code: 'offline', reason: 'gone' } });
      Y.applyUpdate(doc, base64ToBytes(input.update));
      return Promise.resolve({ ok: true, value: {} });
    },
    on: (_name: string, listener: (event: { letterId: string; update: string }) => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  } as unknown as Bridge;
  return {
    bridge,
    doc,
    body: () => doc.getXmlFragment('body').toJSON(),
    base64: () => bytesToBase64(Y.encodeStateAsUpdate(doc)),
    breakDown: (broken: boolean) => {
      works = !broken;
    },
    edits: () => edits,
    listeners,
    tell: (update: Uint8Array) => {
      for (const listener of listeners) listener({ letterId, update: bytesToBase64(update) });
    },
  };
}

function paragraph(text: string): Y.XmlElement {
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(text)]);
  return element;
}

test("a colleague's edit is shown and not sent back", async () => {
  const core = fakeCore();
  const letter = openLetterDoc(core.bridge, letterId);
  const letGo = letter.hold();
  const colleague = new Y.Doc();
  colleague.getXmlFragment('body').insert(0, [paragraph('from Ana')]);
  core.tell(Y.encodeStateAsUpdate(colleague));
  letter.absorb(bytesToBase64(Y.encodeStateAsUpdate(colleague)));
  await vi.advanceTimersByTimeAsync(1000);
  expect(letter.body.toJSON()).toContain('from Ana');
  expect(core.edits()).toBe(0);
  letGo();
  await vi.advanceTimersByTimeAsync(10);
});

test('words that core does not have yet survive leaving the letter, and reach core later', async () => {
  const core = fakeCore();
  core.breakDown(true);
  const first = openLetterDoc(core.bridge, letterId);
  const letGo = first.hold();
  first.body.insert(0, [paragraph('not saved yet')]);
  letGo();
  await vi.advanceTimersByTimeAsync(1000);
  await expect(saveEverything()).resolves.toBe(false);

  const again = openLetterDoc(core.bridge, letterId);
  const letGoAgain = again.hold();
  again.absorb(core.base64());
  expect(again.body.toJSON()).toContain('not saved yet');

  core.breakDown(false);
  await vi.advanceTimersByTimeAsync(2500);
  expect(core.body()).toContain('not saved yet');
  await expect(saveEverything()).resolves.toBe(true);
  letGoAgain();
  await vi.advanceTimersByTimeAsync(10);
});

test('a letter that is saved and left is closed: nothing listens for it any more', async () => {
  const core = fakeCore();
  const letter = openLetterDoc(core.bridge, letterId);
  const letGo = letter.hold();
  letter.body.insert(0, [paragraph('saved')]);
  letGo();
  await vi.advanceTimersByTimeAsync(1000);
  expect(core.body()).toContain('saved');
  expect(core.listeners.size).toBe(0);
});
