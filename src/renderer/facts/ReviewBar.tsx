import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

interface ReviewBarProps {
  switcher: ReactNode;
  /** How the rows are put in order, where that can be chosen: the key o. */
  order?: ReactNode;
  canDecide: boolean;
  openCount: number;
  /** Contradicted values, which a person decides one by one. */
  leftOut?: number;
  busy: boolean;
  error: AppError | null;
  onApproveAll: () => void;
}

export function ReviewBar({ switcher, order, canDecide, openCount, leftOut = 0, busy, error, onApproveAll }: ReviewBarProps) {
  return (
    <>
      <header className="bar">
        {switcher}
        {order}
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
            {order && (
              <>
                <span>
                  <kbd>d</kbd> approve its document
                </span>
                <span>
                  <kbd>o</kbd> order
                </span>
              </>
            )}
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
