import type { VersionId } from '../../shared/ids.ts';
import type { VersionView } from '../../shared/versions.ts';

/** Two versions, the older first; or one and what the letter says now. */
export interface Compared {
  from: VersionId;
  to: VersionId | null;
}

/** What a person called it, or why it was kept. */
export function versionTitle({ name, why, number }: Pick<VersionView, 'name' | 'why' | 'number'>): string {
  if (name !== null) return name;
  return why === '' ? (number === null ? 'A version' : `Version ${String(number)}`) : why;
}
