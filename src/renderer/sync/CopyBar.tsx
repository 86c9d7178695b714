import type { CopyProgress } from '../../shared/sync.ts';
import './copy-bar.css';

/** How far a copy is; moving without an end where nobody has counted yet. */
export function CopyBar({ copy: { done, total }, label }: { copy: CopyProgress; label: string }) {
  return <progress className="copy-bar" {...(total > 0 && { max: total, value: Math.min(done, total) })} aria-label={label} />;
}
