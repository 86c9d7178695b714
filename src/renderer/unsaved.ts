/**
 * Everything typed in this window that core has not confirmed. It outlives the screens, so that leaving a letter,
 * or being signed out in the middle of a word, loses nothing while the window is open.
 */
interface Unsaved {
  /** True once nothing is left to save. */
  flush(): Promise<boolean>;
  isClean(): boolean;
}

const sources = new Set<Unsaved>();

export function watchUnsaved(source: Unsaved): void {
  sources.add(source);
}

export function forgetUnsaved(source: Unsaved): void {
  sources.delete(source);
}

export async function saveEverything(): Promise<boolean> {
  const saved = await Promise.all([...sources].map((source) => source.flush()));
  return saved.every(Boolean);
}

window.addEventListener('pagehide', () => {
  for (const source of sources) void source.flush();
});

// In Electron a refused unload would silently keep the window open; there core gets the flush of `pagehide`.
window.addEventListener('beforeunload', (event) => {
  if (window.steno) return;
  for (const source of sources) {
    if (source.isClean()) continue;
    void source.flush();
    event.preventDefault();
  }
});
