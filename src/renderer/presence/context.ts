import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { LetterId } from '../../shared/ids.ts';
import { useBridge } from '../client.ts';
import { createAttendant, type Attendant } from './attendant.ts';
import { watchWindow } from './watch-window.ts';
import type { Doing } from './words.ts';

export const AttendantContext = createContext<Attendant | null>(null);

export function useAttendant(): Attendant {
  const attendant = useContext(AttendantContext);
  if (!attendant) throw new Error('useAttendant is used outside AttendantContext');
  return attendant;
}

/** The attendant of a signed-in window; put it into AttendantContext. */
export function useNewAttendant(): Attendant {
  const bridge = useBridge();
  const [attendant] = useState(() => createAttendant(bridge, watchWindow()));
  useEffect(() => attendant.start(), [attendant]);
  useEffect(() => {
    // lines that stood before may be dead without knowing
    const online = () => {
      void bridge.call('sync.reconnect', {});
    };
    window.addEventListener('online', online);
    return () => {
      window.removeEventListener('online', online);
    };
  }, [bridge]);
  return attendant;
}

/** Says which letter belongs to what is on screen, for as long as it is. */
export function useNearLetter(letterId: LetterId | null): void {
  const attendant = useAttendant();
  useEffect(() => {
    attendant.goTo(letterId);
    return () => {
      attendant.goTo(null);
    };
  }, [attendant, letterId]);
}

/** Who else is in the letter of the matter on screen. */
export function useDoings(): readonly Doing[] {
  const attendant = useAttendant();
  return useSyncExternalStore(attendant.subscribe, attendant.doings);
}
