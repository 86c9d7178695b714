import type { LetterId } from '../../shared/ids.ts';
import { PresenceState, type Attendance, type PersonHere } from '../../shared/presence.ts';
import type { Activity } from './pace.ts';
import type { PresenceLine, PresenceReply } from './remote.ts';
import { createNap, systemTimers, type Nap, type Timers } from './timers.ts';

/** Who else is in the letters that are open here. Nothing of it touches the store: it is of the moment, and gone with the line. */
export interface Presence {
  /** What a window says of itself; null once it is closed. */
  attend(windowKey: string, attendance: Attendance | null): void;
  peopleIn(letterId: LetterId): PersonHere[];
  /** Who looks here and with whom. */
  activity(): Activity;
  /** Whether the firm can be reached; without it nobody is shown and nobody is asked. */
  setLine(isUp: boolean): void;
  /** Leaves every letter, and waits for it no longer than a second. */
  stop(): Promise<void>;
}

interface PresenceInput {
  line: PresenceLine;
  now(): number;
  timers?: Timers;
  onPeople(letterId: LetterId, people: PersonHere[]): void;
  onActivity(activity: Activity): void;
}

interface Mine {
  state: PresenceState;
  place: string | null;
}
/** A letter that is open in a window of this account. */
interface Room {
  letterId: LetterId;
  nap: Nap;
  isLeft: boolean;
  isNoticed: boolean;
  /** What the firm took last; null where it is to be said again. */
  sent: Mine | null;
  hasSpoken: boolean;
  channel: string | null;
  people: PersonHere[];
  over: Promise<void>;
}

/** The firm forgets a laptop after 15 s. */
const lifeMs = 5_000;
/** Not more than four changes a second: the firm refuses what comes sooner than 250 ms, and a line may hurry. */
const apartMs = 300;
/** Between two questions of any kind: colleagues who all move are asked about at once. */
const breathMs = 100;
/** Without notices, while a colleague is there. */
const lookMs = 1_000;
const farewellMs = 1_000;

export function createPresence({ line, now, timers = systemTimers, onPeople, onActivity }: PresenceInput): Presence {
  const windows = new Map<string, { attendance: Attendance; turn: number }>();
  const rooms = new Map<LetterId, Room>();
  /** Letters that are being left: who comes back waits, or the farewell would arrive after the greeting. */
  const leaving = new Map<LetterId, Promise<void>>();
  let turns = 0;
  let isUp = false;
  let heard = '';
  let told = '';

  /** All windows in a letter, as one person: what does most, and the place that moved last. */
  function mineIn(letterId: LetterId): Mine | null {
    const here = [...windows.values()]
      .sort((a, b) => b.turn - a.turn)
      .flatMap(({ attendance: { at } }) => (at?.letterId === letterId ? [at] : []));
    const state = PresenceState.options.find((option) => here.some((at) => at.state === option));
    return state ? { state, place: here.find(({ place }) => place !== null)?.place ?? null } : null;
  }

  function activity(): Activity {
    const all = [...windows.values()].map(({ attendance }) => attendance);
    return {
      isHidden: turns > 0 && !all.some(({ isVisible }) => isVisible),
      isOnBattery: all.some(({ isOnBattery }) => isOnBattery),
      isShared: [...rooms.values()].some(({ people }) => people.some(({ state }) => state !== 'away')),
    };
  }
  function tellActivity(): void {
    const next = JSON.stringify(activity());
    if (next === told) return;
    told = next;
    onActivity(activity());
  }

  function show(room: Room, reply: PresenceReply | null): void {
    room.channel = reply?.channel ?? null;
    const channels = [...rooms.values()].flatMap(({ channel }) => channel ?? []);
    if (channels.join() !== heard) line.hear(channels, notice);
    heard = channels.join();
    const people = reply?.people ?? [];
    if (JSON.stringify(people) === JSON.stringify(room.people)) return;
    room.people = people;
    onPeople(room.letterId, people);
    tellActivity();
  }
  function notice(channel: string): void {
    for (const room of rooms.values()) {
      if (room.channel !== channel) continue;
      room.isNoticed = true;
      room.nap.wake();
    }
  }

  /** While alone where exactly one reads is nobody's news. */
  const isNews = ({ sent, people }: Room, mine: Mine): boolean =>
    sent?.state !== mine.state || (people.length > 0 && sent.place !== mine.place);

  async function stay(room: Room): Promise<void> {
    await leaving.get(room.letterId);
    let sentAt = Number.NEGATIVE_INFINITY;
    let askedAt = sentAt;
    const left = (at: number, ms: number): number => ms - Math.abs(now() - at);
    for (let mine = mineIn(room.letterId); mine && !room.isLeft; mine = mineIn(room.letterId)) {
      const untilSay = left(sentAt, isNews(room, mine) ? apartMs : lifeMs);
      const untilLook = room.isNoticed ? 0 : room.people.length > 0 && !line.hasNotices() ? left(askedAt, lookMs) : Infinity;
      if (!isUp || Math.min(untilSay, untilLook) > 0) {
        await room.nap.sleep(isUp ? Math.min(untilSay, untilLook) : lifeMs);
        continue;
      }
      room.isNoticed = false;
      let waitMs = 0;
      room.hasSpoken ||= untilSay <= 0;
      try {
        const reply = untilSay <= 0 ? await line.set(room.letterId, mine.state, mine.place) : await line.of(room.letterId);
        waitMs = untilSay <= 0 ? (reply?.waitMs ?? 0) : 0;
        if (isOpen(room)) show(room, isLineUp() ? reply : null);
      } catch {
        if (isOpen(room)) show(room, null); // with the next sign of life it is tried again
      }
      askedAt = now();
      if (untilSay <= 0) {
        room.sent = waitMs > 0 ? null : mine;
        sentAt = waitMs > 0 ? now() - apartMs + waitMs : now();
      }
      await timers.after(breathMs).wait;
    }
  }
  // either may have changed while somebody was asked
  const isLineUp = (): boolean => isUp;
  const isOpen = (room: Room): boolean => !room.isLeft;

  function enter(letterId: LetterId): void {
    const room: Room = {
      letterId,
      nap: createNap(timers),
      isLeft: false,
      isNoticed: false,
      sent: null,
      hasSpoken: false,
      channel: null,
      people: [],
      over: Promise.resolve(),
    };
    rooms.set(letterId, room);
    room.over = stay(room);
  }

  function leave(room: Room): void {
    room.isLeft = true;
    rooms.delete(room.letterId);
    show(room, null);
    room.nap.wake();
    const gone = room.over
      .then(() => (room.hasSpoken && isUp ? line.clear(room.letterId) : undefined))
      .catch(() => undefined)
      .then(() => {
        if (leaving.get(room.letterId) === gone) leaving.delete(room.letterId);
      });
    leaving.set(room.letterId, gone);
  }

  return {
    attend(windowKey, attendance) {
      const was = windows.get(windowKey)?.attendance;
      if (attendance && JSON.stringify(was) === JSON.stringify(attendance)) return;
      if (attendance) windows.set(windowKey, { attendance, turn: (turns += 1) });
      else windows.delete(windowKey);
      const open = new Set([...windows.values()].flatMap(({ attendance: { at } }) => at?.letterId ?? []));
      for (const letterId of open) {
        const room = rooms.get(letterId);
        if (room) room.nap.wake();
        else enter(letterId);
      }
      for (const room of [...rooms.values()]) if (!open.has(room.letterId)) leave(room);
      tellActivity();
    },
    peopleIn: (letterId) => rooms.get(letterId)?.people ?? [],
    activity,
    setLine(next) {
      if (isUp === next) return;
      isUp = next;
      for (const room of rooms.values()) {
        if (!isUp) show(room, null);
        room.sent = null;
        room.nap.wake();
      }
    },
    async stop() {
      windows.clear();
      for (const room of [...rooms.values()]) leave(room);
      await Promise.race([Promise.all(leaving.values()), timers.after(farewellMs).wait]);
    },
  };
}
