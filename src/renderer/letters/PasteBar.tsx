import { Button } from '@mantine/core';
import { Notice } from '../ui/Notice.tsx';
import type { PasteProgress } from './paste-large.ts';

interface PasteBarProps {
  progress: PasteProgress | null;
  /** What a person should know of what was pasted; null once it was read. */
  text: string | null;
  onRead: () => void;
}

/** How far a long paste is, and what was left out of it. */
export function PasteBar({ progress, text, onRead }: PasteBarProps) {
  if (progress)
    return (
      <div className="paste-bar">
        <Notice
          tone="tell"
          title={`${progress.text}…`}
          actions={
            <Button variant="default" onClick={progress.stop}>
              Stop
            </Button>
          }
        >
          <progress aria-label={progress.text} max={1} value={progress.done} />
        </Notice>
      </div>
    );
  if (text === null) return null;
  return (
    <div className="paste-bar">
      <Notice
        tone="tell"
        title={text}
        actions={
          <Button variant="default" onClick={onRead}>
            OK
          </Button>
        }
      />
    </div>
  );
}
