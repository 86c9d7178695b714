import { describe, expect, test } from 'vitest';
import type { Role } from '../../src/shared/session.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { aLetter, aMatter } from './mutations.ts';

interface World {
  connect(firm: 'one' | 'two', role: Role): Promise<Remote>;
}

export const place = (mark: string): string => `${btoa(mark)}.${btoa(mark)}`;

/** A letter that the firm has. */
export async function aLetterAt(remote: Remote): Promise<string> {
  const matter = aMatter();
  const letter = aLetter(matter.entityId);
  await remote.push([matter, letter]);
  return letter.entityId;
}

/** Says it until the firm takes it: it wants no more than four changes a second. */
export async function be(remote: Remote, letterId: string, ...[state, at]: ['editing' | 'reading' | 'near' | 'away', string | null]) {
  let reply: Awaited<ReturnType<Remote['presence']['set']>> = null;
  await expect.poll(async () => (reply = await remote.presence.set(letterId, state, at))?.waitMs, { interval: 20 }).toBe(0);
  return reply as unknown as { channel: string; people: { userId: string; state: string; place: string | null }[] };
}

export function presenceContract(world: World): void {
  describe('who is in a letter', () => {
    test('two see each other, with what they do and where, and not themselves; who left is gone', async () => {
      const [a, b] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')];
      const letterId = await aLetterAt(a);
      expect(await a.presence.of(letterId)).toMatchObject({ channel: null, people: [] });
      expect((await be(a, letterId, 'editing', place('a1'))).people).toEqual([]);
      const { channel, people } = await be(b, letterId, 'reading', null);
      expect(channel).toMatch(/^steno_here_[0-9a-f]{32}$/);
      expect(people).toEqual([
        { userId: (await a.whoami()).userId, firstName: 'A', lastName: expect.any(String), state: 'editing', place: place('a1') },
      ]);
      expect(await be(a, letterId, 'away', place('a2'))).toMatchObject({
        channel,
        people: [{ userId: (await b.whoami()).userId, state: 'reading', place: null }],
      });
      expect((await b.presence.of(letterId))?.people).toMatchObject([{ state: 'away', place: place('a2') }]);
      await a.presence.clear(letterId);
      await a.presence.clear(letterId);
      expect((await b.presence.of(letterId))?.people).toEqual([]);
    });

    test('a letter that is another firm’s is one that is not there', async () => {
      const [a, foreign] = [await world.connect('one', 'Attorney'), await world.connect('two', 'Admin')];
      const letterId = await aLetterAt(a);
      await be(a, letterId, 'reading', null);
      for (const id of [letterId, freshId()]) {
        expect(await foreign.presence.of(id)).toBeNull();
        expect(await foreign.presence.set(id, 'reading', null)).toBeNull();
        await foreign.presence.clear(id);
      }
      expect((await a.presence.of(letterId))?.people).toEqual([]);
    });

    test('more than four changes a second are not taken, and say when to come again', async () => {
      const [a, b] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')];
      const letterId = await aLetterAt(a);
      const started = performance.now();
      let taken = 0;
      for (let n = 0; n < 40; n += 1) {
        const reply = await a.presence.set(letterId, 'reading', place(String(n)));
        if (reply?.waitMs === 0) taken += 1;
        else expect(reply?.waitMs).toBeLessThanOrEqual(250);
      }
      expect(taken).toBeGreaterThan(0);
      expect(taken).toBeLessThanOrEqual(1 + (performance.now() - started) / 250);
      await be(a, letterId, 'reading', place('last'));
      expect((await b.presence.of(letterId))?.people).toMatchObject([{ place: place('last') }]);
    });

    test('who may not write does not edit, whatever her laptop says', async () => {
      const [a, viewer] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Viewer')];
      const letterId = await aLetterAt(a);
      await be(viewer, letterId, 'editing', null);
      expect((await a.presence.of(letterId))?.people).toMatchObject([{ state: 'reading' }]);
    });

    test('the head says how far the feed is', async () => {
      const a = await world.connect('one', 'Attorney');
      const before = await a.feedHead();
      expect((await a.pull(Number.MAX_SAFE_INTEGER, 1)).head).toBe(before);
      await a.push([aMatter(), aMatter()]);
      expect(await a.feedHead()).toBe(before + 2);
    });
  });
}
