import type { LibraryRow } from '../../shared/templates.ts';
import type { VariableType } from '../../shared/template-content.ts';

export const stateWords: Record<LibraryRow['state'], string> = { in_use: 'In use', new: 'Not published yet', retired: 'Retired' };

export const typeLabels: Record<VariableType, string> = {
  text: 'Text',
  date: 'Date',
  money: 'Amount of money',
  party: 'Person or firm',
  list: 'List',
};

/** "Version 3", "Published, not at the firm yet". */
export function versionTitle(number: number | null): string {
  return number === null ? 'Not at the firm yet' : `Version ${String(number)}`;
}

/** A filter looks at what a row shows. */
export function isMatch(row: LibraryRow, filter: string): boolean {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const text = [row.name, row.description, row.category ?? '', stateWords[row.state], row.changedByName ?? '']
    .join(' ')
    .toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}

/** "Inspected on" -> "inspected_on"; a name that a chip can carry. */
export function nameFrom(label: string): string {
  const name = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 60);
  return name === '' ? 'variable' : name;
}
