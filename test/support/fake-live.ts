import { createHash } from 'node:crypto';
import { UserId } from '../../src/shared/ids.ts';
import type { PresenceState } from '../../src/shared/presence.ts';
import { mayWrite, type Role } from '../../src/shared/session.ts';
import type { PresenceReply, Remote } from '../../src/main/sync/remote.ts';

const aliveMs = 15_000;
const apartMs = 250;

interface Here {
  letterId: string;
  userId: string;
  state: PresenceState;
  place: string | null;
  changedAt: number;
  seenAt: number;
}

/** What a firm of the model knows of the moment only. */
export interface FakeLive {
  now: () => number;
  /** False: as behind a pooler. */
  hasNotices: boolean;
  /** One for each laptop and letter, by session. */
  here: Map<object, Here[]>;
  hearing: Map<object, { channels: readonly string[]; tell: (channel: string) => void }>;
}

export const noLife = (): FakeLive => ({ now: Date.now, hasNotices: true, here: new Map(), hearing: new Map() });

const channelOf = (letterId: string): string => `steno_here_${createHash('md5').update(letterId).digest('hex')}`;

/** The calls of migrations/server/0019_presence.sql; test/support/presence-contract.ts holds both to it. */
export function liveCalls(
  session: {
    firm: { live: FakeLive; feed: unknown[]; listeners: Set<() => void>; rows: Map<string, Map<string, unknown>> };
    userId: string;
    role: Role;
  },
  call: <T>(work: () => T) => Promise<T>,
): Pick<Remote, 'feedHead' | 'listen' | 'presence' | 'reconnect'> {
  const { firm, userId } = session;
  const { live } = firm;
  const mine = (): Here[] => live.here.get(session) ?? [];
  const isAlive = ({ seenAt }: Here): boolean => seenAt > live.now() - aliveMs;
  const others = (letterId: string): Here[] =>
    [...live.here.values()].flat().filter((one) => one.letterId === letterId && one.userId !== userId && isAlive(one));

  function view(letterId: string, waitMs = 0): PresenceReply | null {
    if (!firm.rows.get('letter')?.has(letterId)) return null;
    const order = ['editing', 'reading', 'near', 'away'];
    const first = new Map<string, Here>();
    for (const one of others(letterId).sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.changedAt - a.changedAt))
      if (!first.has(one.userId)) first.set(one.userId, one);
    const people = [...first.values()].map((one) => ({
      userId: UserId.parse(one.userId),
      firstName: 'A',
      lastName: 'B',
      state: one.state,
      place: one.place,
    }));
    const isAnybody = people.length > 0 || mine().some((one) => one.letterId === letterId && isAlive(one));
    return { channel: isAnybody ? channelOf(letterId) : null, waitMs, people: people.sort((a, b) => (a.userId < b.userId ? -1 : 1)) };
  }
  function notify(letterId: string): void {
    const theirs = new Set(others(letterId).map((one) => one.userId));
    if (!live.hasNotices || theirs.size === 0) return;
    for (const { channels, tell } of [...live.hearing.values()]) if (channels.includes(channelOf(letterId))) tell(channelOf(letterId));
  }

  return {
    feedHead: () => call(() => firm.feed.length),
    async listen(onPush, signal) {
      firm.listeners.add(onPush);
      onPush();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      firm.listeners.delete(onPush);
    },
    presence: {
      set: (letterId, claimed, place) =>
        call(() => {
          const state = claimed === 'editing' && !mayWrite(session.role) ? 'reading' : claimed;
          if (!view(letterId)) return null;
          const waitMs = Math.ceil(Math.max(0, ...mine().map(({ changedAt }) => changedAt + apartMs - live.now())));
          if (waitMs > 0) return view(letterId, waitMs);
          const was = mine().find((one) => one.letterId === letterId && isAlive(one));
          const isSame = was?.state === state && was.place === place;
          const next = { letterId, userId, state, place, changedAt: isSame ? was.changedAt : live.now(), seenAt: live.now() };
          live.here.set(session, [next, ...mine().filter((one) => one.letterId !== letterId)].slice(0, 4));
          if (!isSame) notify(letterId);
          return view(letterId);
        }),
      of: (letterId) => call(() => view(letterId)),
      clear: (letterId) =>
        call(() => {
          live.here.set(
            session,
            mine().filter((one) => one.letterId !== letterId),
          );
          notify(letterId);
        }),
      hear(channels, tell) {
        const before = live.hearing.get(session)?.channels ?? [];
        live.hearing.set(session, { channels, tell });
        // what was said before it listened
        if (live.hasNotices)
          for (const channel of channels) if (!before.includes(channel)) void Promise.resolve().then(() => tell(channel));
      },
      hasNotices: () => live.hasNotices,
    },
    reconnect: () => undefined,
  };
}
