import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

interface ReviewBarProps {
  switcher: ReactNode;
  canDecide: boolean;
  openCount: number;
  /** Contradicted values, which a person decides one by one. */
  leftOut?: number;
  busy: boolean;
  error: AppError | null;
  onApproveAll: () => void;
}

export function ReviewBar({ switcher, canDecide, openCount, leftOut = 0, busy, error, onApproveAll }: ReviewBarProps) {
  return (
    <>
      <header className="bar">
        {switcher}
        {canDecide && (
          <span className="keys" aria-label="Keys" role="note">
            <span>
              <kbd>j</kbd> <kbd>k</kbd> move
            </span>
            <span>
              <kbd>a</kbd> approve
            </span>
            <span>
              <kbd>e</kbd> correct
            </span>
            <span>
              <kbd>x</kbd> reject
            </span>
            <span>
              <kbd>Enter</kbd> show the page
            </span>
          </span>
        )}
        {canDecide && openCount > 0 && (
          <Button className="push" variant="default" leftSection={<IconCheck size={15} />} loading={busy} onClick={onApproveAll}>
            {leftOut > 0 ? `Approve ${String(openCount)} undisputed` : `Approve all ${String(openCount)}`}
          </Button>
        )}
      </header>
      {error && (
        <div className="review-error">
          <ErrorNotice error={error} />
        </div>
      )}
    </>
  );
}
