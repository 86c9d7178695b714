import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DraftingView, SectionView } from '../../shared/drafting.ts';
import type { LetterId } from '../../shared/ids.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Coming, Outcome } from './Progress.tsx';

interface DraftFormProps {
  letterId: LetterId;
  drafting: DraftingView;
  caretBlock: () => number | null;
  onSuggestions: () => void;
  onStop: () => void;
}

/** The section a block stands in. */
const sectionAt = (sections: readonly SectionView[], block: number | null): SectionView | undefined =>
  block === null ? undefined : sections.findLast((section) => section.block <= block);

/** Drafts one section of the letter, or one after another; what comes of it is suggestions. */
export function DraftForm({ letterId, drafting, caretBlock, onSuggestions, onStop }: DraftFormProps) {
  const sections = useCall('drafting.sections', { letterId });
  const draft = useCommand('drafting.draft');
  const [chosen, setChosen] = useState<number | null>(null);
  const [isAtCaret, setIsAtCaret] = useState(false);
  const [instruction, setInstruction] = useState('');
  const all = sections.data ?? [];
  // the numbers of headings move when somebody writes above them
  const section = all.find(({ block }) => block === chosen) ?? sectionAt(all, caretBlock()) ?? all[0];
  const isBusy = drafting.state === 'asking';
  const isMine = drafting.kind === 'section' || drafting.kind === 'letter';
  const run = async (wanted: number[] | null) => {
    const caret = caretBlock();
    const after = isAtCaret && wanted !== null && sectionAt(all, caret)?.block === wanted[0] ? caret : null;
    const outcome = await draft.run({ letterId, sections: wanted, after, instruction });
    if (outcome.ok) setInstruction('');
  };
  return (
    <section aria-label="Draft" className="assistant-part">
      <h2>Draft</h2>
      {all.length === 0 && sections.data ? (
        <p className="quiet">The letter has no headings yet. Give a section a heading, and it can be drafted.</p>
      ) : (
        <form
          className="said-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (section) void run([section.block]);
          }}
        >
          <NativeSelect
            label="Section"
            // who opens it by keyboard goes on by keyboard
            autoFocus
            value={String(section?.block ?? '')}
            data={all.map(({ block, title }) => ({ value: String(block), label: title }))}
            onChange={(event) => {
              setChosen(Number(event.currentTarget.value));
            }}
          />
          <TextInput
            label="What to mind"
            placeholder="Begin with the MRI. Keep it short."
            maxLength={2000}
            value={instruction}
            onChange={(event) => {
              setInstruction(event.currentTarget.value);
            }}
          />
          <label className="row">
            <input
              type="checkbox"
              checked={isAtCaret}
              onChange={(event) => {
                setIsAtCaret(event.currentTarget.checked);
              }}
            />
            Behind the paragraph the caret is in, not at the section’s end
          </label>
          <div className="row wrap">
            <Button type="submit" variant="default" loading={draft.busy} disabled={isBusy || !section}>
              Draft this section
            </Button>
            <Button
              variant="subtle"
              disabled={isBusy || !section}
              onClick={() => {
                void run(null);
              }}
            >
              Draft all sections
            </Button>
          </div>
        </form>
      )}
      {isMine && isBusy && (
        <Coming texts={drafting.coming} onStop={onStop}>
          {drafting.section === null
            ? 'Drafting…'
            : drafting.sections > 1
              ? `Drafting “${drafting.section}”, ${String(drafting.sectionsDone + 1)} of ${String(drafting.sections)}…`
              : `Drafting “${drafting.section}”…`}
        </Coming>
      )}
      {isMine && !isBusy && <Outcome drafting={drafting} onSuggestions={onSuggestions} />}
      {draft.error && <ErrorNotice error={draft.error} />}
    </section>
  );
}
