import { useCoreEvent } from '../client.ts';
import { showSync } from '../route.ts';
import { tellWith } from '../ui/undo.tsx';

/** What core wants a person to know though nobody asked: where her changes went, what became of them. It stays until she has read it. */
export function Tidings() {
  useCoreEvent('sync.told', ({ text }) => {
    tellWith(text, 'Show', () => {
      showSync();
    });
  });
  return null;
}
