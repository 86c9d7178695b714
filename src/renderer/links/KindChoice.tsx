import { DocumentKind, type DocumentRow } from '../../shared/documents.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { kindWord } from './kind-words.ts';

/** What a document is, how sure that is and why; and another kind for it, which stays. */
export function KindChoice({ document, mayDecide }: { document: DocumentRow; mayDecide: boolean }) {
  const setKind = useCommand('documents.setKind');
  const { documentId, kind, kindBy, kindConfidence, kindWhy } = document;
  return (
    <div className="about-kind">
      {mayDecide ? (
        <select
          className="about-select"
          aria-label={`Kind of ${document.fileName}`}
          value={kind}
          disabled={setKind.busy}
          onChange={(event) => {
            void setKind.run({ documentId, kind: DocumentKind.parse(event.currentTarget.value) });
          }}
        >
          {DocumentKind.options.map((option) => (
            <option key={option} value={option}>
              {kindWord(option)}
            </option>
          ))}
        </select>
      ) : (
        <strong>{kindWord(kind)}</strong>
      )}
      {kindWhy !== null && (
        <p className="quiet about-why">
          {kindBy !== 'person' && kindConfidence !== null && `${String(kindConfidence)}% sure: `}
          {kindWhy}
        </p>
      )}
      {setKind.error && <ErrorNotice error={setKind.error} />}
    </div>
  );
}
