import type { Editor } from '@tiptap/core';
import { useCallback, useEffect, useRef } from 'react';
import type { FindingView } from '../../shared/linter.ts';
import type { LetterOnDesk } from '../../shared/letters.ts';
import { useCall } from '../client.ts';
import { markFindings } from './finding-marks.ts';
import { mendFinding, placeOfFinding, showFinding } from './finding-places.ts';

const none: FindingView[] = [];

/** What the linter found in the open letter: underlined in the text, gone through with F8 and mended with Alt+Enter. */
export function useFindings({ letter, editor, mayEdit }: { letter: LetterOnDesk; editor: Editor; mayEdit: boolean }) {
  const { letterId, values } = letter;
  const findings = useCall('letters.findings', { letterId }).data ?? none;
  const inHand = useRef<FindingView | null>(null);

  useEffect(() => {
    markFindings(editor, findings, values);
  }, [editor, findings, values]);

  // the same functions from look to look, so that a list of findings is not drawn again for them
  const show = useCallback(
    (finding: FindingView): void => {
      inHand.current = finding;
      showFinding(editor, finding, values);
    },
    [editor, values],
  );
  const mend = useCallback(
    (finding: FindingView): void => {
      if (mayEdit) mendFinding(editor, finding, values);
    },
    [editor, values, mayEdit],
  );

  useEffect(() => {
    const next = (back: boolean): void => {
      const { from } = editor.state.selection;
      const open = findings.flatMap((finding) => {
        const span = finding.muted ? null : placeOfFinding(editor.state.doc, finding, values);
        return span ? [{ finding, at: span.from }] : [];
      });
      const inOrder = back ? open.toSorted((a, b) => b.at - a.at) : open.toSorted((a, b) => a.at - b.at);
      const found = inOrder.find(({ at }) => (back ? at < from : at > from)) ?? inOrder[0];
      if (found) show(found.finding);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'F8') {
        event.preventDefault();
        next(event.shiftKey);
      } else if (event.key === 'Enter' && event.altKey && inHand.current) {
        const held = inHand.current;
        const span = placeOfFinding(editor.state.doc, held, values);
        // only while it is in hand: a key that mends something off the screen would mend unseen
        if (!span || editor.state.selection.from !== span.from || editor.state.selection.to !== span.to) return;
        event.preventDefault();
        mend(held);
      }
    };
    window.addEventListener('keydown', onKey, true);
    return () => {
      window.removeEventListener('keydown', onKey, true);
    };
  });
  return { findings, show, mend };
}
