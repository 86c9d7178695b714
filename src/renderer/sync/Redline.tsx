import type { RedlinePiece } from '../../shared/sync.ts';

type Paragraph = RedlinePiece[];

/** A text against another: what comes is underlined, what goes is struck out; paragraphs that stay are left out but for one beside each change. */
export function Redline({ paragraphs, author }: { paragraphs: Paragraph[]; author: string }) {
  const isChanged = (paragraph: Paragraph | undefined) => paragraph?.some(({ kind }) => kind !== 'same') ?? false;
  const isShown = paragraphs.map((paragraph, at) => isChanged(paragraph) || isChanged(paragraphs[at - 1]) || isChanged(paragraphs[at + 1]));
  return (
    <div className="redline" role="group" aria-label={`What ${author} proposes`}>
      {paragraphs.map((paragraph, at) => {
        if (isShown[at] !== true) return isShown[at - 1] === false ? null : <Gap key={at} />;
        return (
          <p key={at}>
            {paragraph.map(({ kind, text }, piece) =>
              kind === 'added' ? (
                <ins key={piece}>{text}</ins>
              ) : kind === 'removed' ? (
                <del key={piece}>{text}</del>
              ) : (
                <span key={piece}>{text}</span>
              ),
            )}
          </p>
        );
      })}
    </div>
  );
}

function Gap() {
  return (
    <p className="quiet redline-gap" aria-label="Text that stays as it is">
      …
    </p>
  );
}
