import type { LetterId, UserId } from '../../shared/ids.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { Attendance, PersonHere, PresenceState } from '../../shared/presence.ts';
import type { Doing } from './words.ts';

/** What the window itself tells: how it is looked at, and that somebody moves in it. */
export interface WindowSigns {
  isVisible(): boolean;
  isOnBattery(): boolean;
  /** Visibility or battery changed, or a key or the mouse moved. */
  subscribe(listener: () => void): () => void;
}

/** Tells core where this window's user is, and the window who else is there. */
export interface Attendant {
  /** Begins to tell; the function returned says farewell. */
  start(): () => void;
  /** The letter of the matter on screen, or none. */
  goTo(letterId: LetterId | null): void;
  /** Whether the letter's text itself is on screen. */
  read(isOpen: boolean): void;
  /** Where the selection is in the letter. */
  stand(place: string | null): void;
  /** The user changed the letter. */
  typed(): void;
  /** Who else is in the letter of `goTo`. */
  people(): readonly PersonHere[];
  /** The same people, with the heading under which each caret is as far as the letter is open here. */
  doings(): readonly Doing[];
  setSections(sections: ReadonlyMap<UserId, string>): void;
  /** Asks the letter to show a person's caret; the letter takes it once it can. */
  find(userId: UserId): void;
  takeWanted(): UserId | null;
  subscribe(listener: () => void): () => void;
}

/** Who types is editing for so long after the last key. */
const editingMs = 10_000;
/** Who neither types nor moves the mouse for so long is away. */
const idleMs = 120_000;
/** A selection that is dragged is told a few times a second; core slows it down further for the firm. */
const gatherMs = 100;
/** What follows from time alone (no longer typing, gone for coffee) is looked at so often. */
const lookMs = 2_000;
/** Core may have been started again since. */
const repeatMs = 5_000;

const nobody: readonly never[] = [];

export function createAttendant(bridge: Bridge, signs: WindowSigns, now: () => number = Date.now): Attendant {
  let letterId: LetterId | null = null;
  let isReading = false;
  let place: string | null = null;
  let typedAt = Number.NEGATIVE_INFINITY;
  let movedAt = now();
  let told = '';
  let toldAt = Number.NEGATIVE_INFINITY;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let isStarted = false;
  let people: readonly PersonHere[] = nobody;
  let doings: readonly Doing[] = nobody;
  let sections: ReadonlyMap<UserId, string> = new Map();
  let wanted: UserId | null = null;
  const listeners = new Set<() => void>();

  function state(): PresenceState {
    if (!signs.isVisible() || now() - movedAt > idleMs) return 'away';
    if (!isReading) return 'near';
    return now() - typedAt < editingMs ? 'editing' : 'reading';
  }
  const attendance = (): Attendance => ({
    isVisible: signs.isVisible(),
    isOnBattery: signs.isOnBattery(),
    at: letterId === null ? null : { letterId, state: state(), place },
  });

  function changed(): void {
    const next = people.map(({ userId, firstName, lastName, state: doing }) => ({
      ...{ userId, firstName, lastName },
      state: doing,
      section: sections.get(userId) ?? null,
    }));
    if (JSON.stringify(next) !== JSON.stringify(doings)) doings = next;
    for (const listener of listeners) listener();
  }
  function show(of: LetterId, next: readonly PersonHere[]): void {
    if (of !== letterId) return;
    people = next.length > 0 ? next : nobody;
    changed();
  }

  function tell(): void {
    clearTimeout(gathering);
    gathering = undefined;
    const next = attendance();
    const text = JSON.stringify(next);
    if (!isStarted || (text === told && now() - toldAt < repeatMs)) return;
    told = text;
    toldAt = now();
    bridge.call('presence.attend', next).then(
      (answer) => {
        if (answer.ok) {
          if (answer.value) show(answer.value.letterId, answer.value.people);
        } else if (letterId !== null) show(letterId, nobody);
      },
      () => {
        told = ''; // core could not be reached: the next look says it again, and nobody is shown until it answers
        if (letterId !== null) show(letterId, nobody);
      },
    );
  }
  /** The first of a burst starts the clock, so that a steady movement is told as well. */
  function tellSoon(): void {
    gathering ??= setTimeout(tell, gatherMs);
  }
  function moved(): void {
    const wasAway = state() === 'away';
    movedAt = now();
    if (wasAway || !signs.isVisible()) tell();
  }

  return {
    start() {
      isStarted = true;
      const stopListening = bridge.on('presence.changed', (event) => {
        show(event.letterId, event.people);
      });
      const stopWatching = signs.subscribe(moved);
      const looking = setInterval(tell, lookMs);
      tell();
      return () => {
        stopListening();
        stopWatching();
        clearInterval(looking);
        letterId = null;
        tell();
        isStarted = false;
      };
    },
    goTo(next) {
      if (next === letterId) return;
      letterId = next;
      place = null;
      people = nobody;
      sections = new Map();
      tell();
      changed();
    },
    read(isOpen) {
      isReading = isOpen;
      if (!isOpen) sections = new Map();
      tell();
      changed();
    },
    stand(next) {
      if (next === place) return;
      place = next;
      movedAt = now();
      tellSoon();
    },
    typed() {
      typedAt = now();
      movedAt = now();
      tellSoon();
    },
    people: () => people,
    doings: () => doings,
    setSections(next) {
      if (JSON.stringify([...next]) === JSON.stringify([...sections])) return;
      sections = next;
      changed();
    },
    find(userId) {
      wanted = userId;
      changed();
    },
    takeWanted() {
      const taken = wanted;
      wanted = null;
      return taken;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
