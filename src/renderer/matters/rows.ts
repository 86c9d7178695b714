import type { LetterStatus } from '../../shared/letters.ts';
import type { MatterRow } from '../../shared/matters.ts';

type SortKey = 'client' | 'defendant' | 'loss' | 'letter' | 'demand' | 'documents' | 'changed' | 'waiting';
export interface MatterSort {
  by: SortKey;
  descending: boolean;
}

export const matterColumns: readonly { key: SortKey; label: string; isNumber?: boolean }[] = [
  { key: 'client', label: 'Client' },
  { key: 'defendant', label: 'Defendant' },
  { key: 'loss', label: 'Date of loss' },
  { key: 'letter', label: 'Letter' },
  { key: 'demand', label: 'Demand', isNumber: true },
  { key: 'documents', label: 'Documents', isNumber: true },
  { key: 'changed', label: 'Last change' },
  { key: 'waiting', label: 'Sync' },
];

export const letterStatusWords: Record<LetterStatus, string> = {
  Draft: 'Draft',
  In_Review: 'In review',
  Finalized: 'Finalized',
  Exported: 'Exported',
  Archived: 'Archived',
};

const sortValue: Record<SortKey, (row: MatterRow) => string | number | null> = {
  client: (row) => row.clientName ?? row.title,
  defendant: (row) => row.defendantName,
  loss: (row) => row.dateOfLoss,
  letter: (row) =>
    row.letterStatus === null ? null : ['Draft', 'In_Review', 'Finalized', 'Exported', 'Archived'].indexOf(row.letterStatus),
  demand: (row) => row.demandCents,
  documents: (row) => row.documentCount,
  changed: (row) => row.updatedAt,
  waiting: (row) => row.waitingChanges,
};

/** Rows with every word of the filter somewhere in them, in the chosen order; unknown values stand last either way. */
export function chooseMatters(rows: readonly MatterRow[], filter: string, sort: MatterSort): MatterRow[] {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const value = sortValue[sort.by];
  const direction = sort.descending ? -1 : 1;
  return rows
    .filter((row) => {
      const text = [row.title, row.clientName, row.defendantName, row.dateOfLoss, row.letterStatus && letterStatusWords[row.letterStatus]]
        .join(' ')
        .toLocaleLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((left, right) => {
      const a = value(left);
      const b = value(right);
      if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
      if (typeof a === 'number' && typeof b === 'number') return (a - b) * direction;
      return String(a).localeCompare(String(b)) * direction;
    });
}
