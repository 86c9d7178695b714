import { useState, type DragEvent } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { mostFirmFileBytes, type FirmFileView } from '../../shared/provision.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { useCommand } from '../client.ts';

/** The text of a file that a person chose. Errors: invalid_input (too large), corrupt (it went away, or a folder was dropped). */
export async function readFirmFileText(file: Pick<File, 'size' | 'text'>): Promise<Outcome<string>> {
  const what = 'the file you chose';
  if (file.size > mostFirmFileBytes)
    return err({ code: 'invalid_input', what, reason: 'It is larger than 1 MB, so it is not the one from your IT.' });
  try {
    return ok(await file.text());
  } catch {
    return err({ code: 'invalid_input', what, reason: 'It cannot be read. Choose the file itself, not a folder, and where it is now.' });
  }
}

/** What stands beside a fingerprint: who vouches for it, and what the person does about it. */
export function trustWords({ trust, knownFingerprint }: FirmFileView): { title: string; advice: string; connect: string } {
  switch (trust) {
    case 'first':
      return {
        title: 'Compare with the sheet from your IT.',
        advice: 'If the fingerprint there is another one, do not connect: tell your IT.',
        connect: 'It matches, connect',
      };
    case 'known':
      return {
        title: 'Signed with the key this computer knows.',
        advice: 'It is the key of the file you used before.',
        connect: 'Connect',
      };
    case 'pinned':
      return { title: 'Signed with the key your IT installed here.', advice: 'Nothing is left to compare.', connect: 'Connect' };
    case 'changed':
      return {
        title: 'This is not the key this computer knows.',
        advice: `It knows ${knownFingerprint ?? 'another'}. Somebody may want to lead you to a server of theirs. Ask your IT, by telephone or in person: if they made a new key, they tell you the new fingerprint.`,
        connect: 'This is the new key',
      };
  }
}

interface OpenedFile {
  text: string;
  view: FirmFileView;
}

/** The file a person opened, once core has read it; its text stays in this window's memory until it is used or put away. */
export function useFirmFile() {
  const { run, busy } = useCommand('setup.viewFirmFile');
  const [opened, setOpened] = useState<OpenedFile | null>(null);
  const [problem, setProblem] = useState<AppError | null>(null);

  async function open(file: File): Promise<void> {
    setProblem(null);
    setOpened(null);
    const text = await readFirmFileText(file);
    const viewed = text.ok ? await run({ text: text.value }) : text;
    if (!viewed.ok) setProblem(viewed.error);
    else if (text.ok) setOpened({ text: text.value, view: viewed.value });
  }
  function putAway(): void {
    setOpened(null);
    setProblem(null);
  }
  return { opened, problem, busy, open, putAway };
}

/** Takes a file that is dropped anywhere on an element; a browser would otherwise leave Steno and show the file. */
export function useFileDrop(onFile: (file: File) => void) {
  const [isOver, setIsOver] = useState(false);
  const handlers = {
    onDragOver: (drag: DragEvent<HTMLElement>) => {
      drag.preventDefault();
      setIsOver(drag.dataTransfer.types.includes('Files'));
    },
    onDragLeave: (drag: DragEvent<HTMLElement>) => {
      // leaving for an element inside is no leaving
      if (!(drag.relatedTarget instanceof Node && drag.currentTarget.contains(drag.relatedTarget))) setIsOver(false);
    },
    onDrop: (drag: DragEvent<HTMLElement>) => {
      drag.preventDefault();
      setIsOver(false);
      const file = drag.dataTransfer.files[0];
      if (file) onFile(file);
    },
  };
  return { isOver, handlers };
}
