import { applyUpdate, Doc, type XmlFragment } from 'yjs';
import type { LetterId } from '../../shared/ids.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import { base64ToBytes, bytesToBase64 } from '../ui/base64.ts';
import { forgetUnsaved, watchUnsaved } from '../unsaved.ts';
import { createUpdateQueue, type UpdateQueue } from './update-queue.ts';

/** The body of an open letter: its Yjs document, and the queue of what was typed here. */
export interface LetterDoc {
  body: XmlFragment;
  saving: UpdateQueue;
  /** Takes in a whole body from core. Applying the same body twice changes nothing. */
  absorb(bodyBase64: string): void;
  /** Whether a body has come from core; an editor before that would show an empty letter as if it were one. */
  hasBody(): boolean;
  onFirstBody(listener: () => void): () => void;
  /** Keeps it open; the function returned lets go. */
  hold(): () => void;
}

/** Lets go of a letter's document once its last words are with core: who opens the letter next reads it anew. */
export async function closeLetterDoc(letterId: LetterId): Promise<void> {
  await open.get(letterId)?.saving.flush();
  open.delete(letterId);
}

const fromCore = Symbol('from core');
const open = new Map<LetterId, LetterDoc>();

/**
 * The letter's document, opened once per window. It outlives its screen until core has confirmed every word, so that
 * leaving the letter while core is away and coming back shows the same text.
 */
export function openLetterDoc(bridge: Bridge, letterId: LetterId): LetterDoc {
  const already = open.get(letterId);
  if (already) return already;

  const doc = new Doc();
  const saving = createUpdateQueue({ send: (update) => bridge.call('letters.edit', { letterId, update: bytesToBase64(update) }) });
  let holders = 0;
  let loaded = false;
  const onLoad = new Set<() => void>();
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== fromCore) saving.push(update);
  });
  const stopListening = bridge.on('letters.update', (event) => {
    if (event.letterId === letterId) applyUpdate(doc, base64ToBytes(event.update), fromCore);
  });
  watchUnsaved(saving);

  const closeWhenDone = () => {
    if (holders > 0 || !saving.isClean()) return;
    stopWatching();
    stopListening();
    forgetUnsaved(saving);
    open.delete(letterId);
    doc.destroy();
  };
  const stopWatching = saving.subscribe(closeWhenDone);

  const letterDoc: LetterDoc = {
    body: doc.getXmlFragment('body'),
    saving,
    absorb(bodyBase64) {
      if (bodyBase64 !== '') applyUpdate(doc, base64ToBytes(bodyBase64), fromCore);
      if (loaded) return;
      loaded = true;
      for (const listener of onLoad) listener();
    },
    hasBody: () => loaded,
    onFirstBody(listener) {
      onLoad.add(listener);
      return () => {
        onLoad.delete(listener);
      };
    },
    hold() {
      holders += 1;
      if (!saving.isClean()) void saving.flush();
      return () => {
        holders -= 1;
        void saving.flush().then(closeWhenDone);
      };
    },
  };
  open.set(letterId, letterDoc);
  return letterDoc;
}
