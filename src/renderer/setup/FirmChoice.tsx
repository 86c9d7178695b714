import { Button } from '@mantine/core';
import { useRef } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

interface FirmChoiceProps {
  busy: boolean;
  disabled: boolean;
  problem: AppError | null;
  onFile: (file: File) => void;
  /** Null where IT decided that only its signed file is taken. */
  onByHand: (() => void) | null;
}

/** The way to a real firm: the file from IT, or its values by hand. */
export function FirmChoice({ busy, disabled, problem, onFile, onByHand }: FirmChoiceProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <section>
      <h2>Connect to your firm</h2>
      <p>Your IT gives you a file that leads Steno to the firm’s server. Open it here, or drop it anywhere in this window.</p>
      {problem && <ErrorNotice error={problem} />}
      <input
        ref={input}
        type="file"
        hidden
        aria-label="The file from your IT"
        onChange={(change) => {
          const file = change.currentTarget.files?.[0];
          // so that choosing the same file again, once IT has mended it, is a change too
          change.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
      <div className="row wrap">
        <Button autoFocus loading={busy} disabled={disabled} onClick={() => input.current?.click()}>
          Open the file from your IT
        </Button>
        {onByHand ? (
          <button type="button" className="link" disabled={disabled || busy} onClick={onByHand}>
            Enter it by hand
          </button>
        ) : (
          <span className="quiet">This computer takes signed files of your IT only.</span>
        )}
      </div>
    </section>
  );
}
