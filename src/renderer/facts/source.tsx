import type { SourceRef } from '../../shared/documents.ts';
import { showSource } from '../route.ts';

/** Where a value was read; opens that page with the words highlighted. */
export function SourceLink({ source }: { source: SourceRef }) {
  return (
    <button
      type="button"
      className="link source-link"
      title={`“${source.quote}”`}
      onClick={(event) => {
        event.stopPropagation();
        showSource(source);
      }}
    >
      <span className="cut">{source.documentName}</span>
      <span className="nowrap">, p. {source.page}</span>
    </button>
  );
}
