import { useQueryClient } from '@tanstack/react-query';
import type { Outline } from '../../shared/documents.ts';
import type { AppError } from '../../shared/errors.ts';
import { useCommand } from '../client.ts';
import { quarter } from './turn.ts';

interface Turns {
  /** A quarter further clockwise; null: all pages. */
  turn: (page: number | null) => void;
  /** All pages as they came. */
  turnBack: () => void;
  error: AppError | null;
}

/** Turns pages at once; core remembers it for this person on this laptop. */
export function useTurns({ documentId }: Outline): Turns {
  const queries = useQueryClient();
  const command = useCommand('documents.turn');
  const key = ['documents.outline', { documentId }];
  const run = async (page: number | null, by: 0 | 90): Promise<void> => {
    // an answer that is on its way knows nothing of it
    await queries.cancelQueries({ queryKey: key });
    queries.setQueryData<Outline>(
      key,
      (outline) =>
        outline && {
          ...outline,
          pages: outline.pages.map((one, index) =>
            page === null || page === index + 1 ? { ...one, turn: by === 0 ? 0 : quarter(one.turn + by) } : one,
          ),
        },
    );
    await command.run({ documentId, page, by });
    await queries.invalidateQueries({ queryKey: key });
  };
  return {
    turn: (page) => void run(page, 90),
    turnBack: () => void run(null, 0),
    error: command.error,
  };
}
