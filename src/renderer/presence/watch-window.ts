import type { WindowSigns } from './attendant.ts';

/** What Chromium tells of the battery; other engines do not. */
interface Battery extends EventTarget {
  charging: boolean;
}
type WithBattery = Navigator & { getBattery?: () => Promise<Battery> };

const moves = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;
/** Moving the mouse is said no more often than this. */
const movesApartMs = 1_000;

export function watchWindow(): WindowSigns {
  let battery: Battery | null = null;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  void (navigator as WithBattery).getBattery?.().then(
    (found) => {
      battery = found;
      found.addEventListener('chargingchange', tell);
    },
    () => undefined, // without it Steno takes this computer for one that is plugged in
  );
  let saidAt = 0;
  const moved = () => {
    if (Date.now() - saidAt < movesApartMs) return;
    saidAt = Date.now();
    tell();
  };
  return {
    isVisible: () => document.visibilityState === 'visible',
    isOnBattery: () => battery !== null && !battery.charging,
    subscribe(listener) {
      if (listeners.size === 0) {
        document.addEventListener('visibilitychange', tell);
        for (const name of moves) window.addEventListener(name, moved, { passive: true });
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        document.removeEventListener('visibilitychange', tell);
        for (const name of moves) window.removeEventListener(name, moved);
      };
    },
  };
}
