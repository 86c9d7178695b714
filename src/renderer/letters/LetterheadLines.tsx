import { letterheadLines, type Letterhead } from '../../shared/letterhead.ts';

/** The firm's letterhead above the first page, as DOCX and PDF print it (main/export). It is the firm's, so nobody edits it here. */
export function LetterheadLines({ letterhead }: { letterhead: Letterhead }) {
  return (
    <div className="letterhead" role="group" aria-label="Letterhead">
      <p className="letterhead-name">{letterhead.name}</p>
      {letterheadLines(letterhead).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
