import { useEffect, useRef } from 'react';

/** True where the focused element needs the key itself: "a" in a text field is a letter, Enter on a button is a press. */
function needsKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  const isChoice = target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type);
  if (target instanceof HTMLInputElement && !isChoice) return true;
  if (isChoice) return key.startsWith('Arrow') || key === ' ';
  if (target.tagName === 'BUTTON' || target.tagName === 'A') return key === 'Enter' || key === ' ';
  // A region that scrolls keeps its up and down.
  return target.getAttribute('role') === 'region' && (key === 'ArrowUp' || key === 'ArrowDown');
}

/** Single-key commands of the screen in front; keys with a modifier belong to the system and the editor. */
export function useKeys(keys: Record<string, () => void>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || needsKey(event.target, event.key)) return;
      const action = latest.current[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', listener);
    return () => {
      window.removeEventListener('keydown', listener);
    };
  }, []);
}
