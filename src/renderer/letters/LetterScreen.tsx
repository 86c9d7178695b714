import { EditorContent, useEditor } from '@tiptap/react';
import { useEffect, useState } from 'react';
import { isOpen, type LetterOnDesk } from '../../shared/letters.ts';
import { useDesk } from '../collaboration/desk.ts';
import { createMarks, marksOf } from '../collaboration/marks.ts';
import { OpenReviews } from '../collaboration/Reviews.tsx';
import '../collaboration/collaboration.css';
import { caretsOf } from '../presence/carets.ts';
import { useAttendant } from '../presence/context.ts';
import { closePage } from '../route.ts';
import { Notice } from '../ui/Notice.tsx';
import { chipInHand, selectChip } from './chip-search.ts';
import { FindBar } from './FindBar.tsx';
import { findingMarks } from './finding-marks.ts';
import { hitMarks } from './hit-marks.ts';
import { ComparisonScreen } from './ComparisonScreen.tsx';
import { Footnotes } from './Footnotes.tsx';
import { Inspector, type InspectorView } from './Inspector.tsx';
import type { LetterDoc } from './letter-doc.ts';
import { letterLook } from './letter-look.ts';
import { LetterFooter } from './LetterFooter.tsx';
import { LetterheadLines } from './LetterheadLines.tsx';
import { LetterHeader } from './LetterHeader.tsx';
import { LostWords } from './LostWords.tsx';
import { Outline } from './Outline.tsx';
import { PasteBar } from './PasteBar.tsx';
import { letterExtensions } from './schema.ts';
import { alignAmounts } from './tables.ts';
import { Toolbar } from './Toolbar.tsx';
import { useFindBar } from './use-find-bar.ts';
import { useFindings } from './use-findings.ts';
import { usePaste } from './use-paste.ts';
import { SpellingMenu } from './SpellingMenu.tsx';
import { useSpeller, useSpellingMenu } from './use-spelling.ts';
import { LetterValuesContext } from './values.ts';
import type { Compared } from './version-words.ts';

export function LetterScreen({ letter, letterDoc }: { letter: LetterOnDesk; letterDoc: LetterDoc }) {
  const [inHand, setInHand] = useState<string | null>(null);
  const [inspector, setInspector] = useState<InspectorView>('findings');
  const [isUnreadable, setIsUnreadable] = useState(false);
  const [showsOutline, setShowsOutline] = useState(true);
  const [marks] = useState(createMarks);
  const [compared, setCompared] = useState<Compared | null>(null);
  const paste = usePaste(letter.values);
  const speller = useSpeller(letter.letterId, letter.values);
  const attendant = useAttendant();
  useEffect(() => {
    attendant.read(true);
    return () => {
      attendant.read(false);
    };
  }, [attendant]);
  const mayEdit = letter.readOnlyReason === null && !isUnreadable;

  const editor = useEditor({
    extensions: [
      ...letterExtensions(letterDoc.body),
      caretsOf(attendant),
      marksOf(marks),
      findingMarks,
      hitMarks,
      paste.extension,
      speller.extension,
    ],
    injectCSS: false,
    editable: mayEdit,
    // Without it Yjs would delete what this version cannot show, for everybody.
    enableContentCheck: true,
    onContentError: () => {
      setIsUnreadable(true);
    },
    onSelectionUpdate: ({ editor: changed }) => {
      const name = chipInHand(changed);
      setInHand(name);
      if (name !== null) setInspector('sources');
    },
    onBlur: () => {
      void letterDoc.saving.flush();
    },
    editorProps: {
      attributes: { class: 'letter-text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': 'Letter', spellcheck: 'false' },
    },
  });
  useEffect(() => {
    editor.setEditable(mayEdit, false);
  }, [editor, mayEdit]);

  useEffect(() => {
    alignAmounts(editor, letter.values);
  }, [editor, letter.values]);

  const linted = useFindings({ letter, editor, mayEdit });
  const find = useFindBar(editor);
  const spelling = useSpellingMenu(editor, mayEdit);
  const desk = useDesk({ letter, editor, marks, mayEdit, onView: setInspector });

  const goTo = (variable: string) => {
    setCompared(null);
    setInHand(variable);
    if (selectChip(editor, variable)) return;
    setInspector('sources');
    document.querySelector<HTMLInputElement>(`[data-field="${CSS.escape(variable)}"] input`)?.focus();
  };

  return (
    <LetterValuesContext value={letter.values}>
      <LetterHeader
        letter={letter}
        saving={letterDoc.saving}
        blockingFindings={linted.findings.filter(({ severity, muted }) => severity === 'blocks' && muted === null).length}
        onShowFindings={() => {
          closePage(); // on a narrow window the source page stands where the findings do
          setInspector('findings');
        }}
      />
      <div className="letter">
        {showsOutline && <Outline editor={editor} values={letter.values} />}
        <section className="letter-middle" aria-label="Letter">
          {isUnreadable && (
            <Notice tone="block" title="This letter holds something this version of Steno cannot show.">
              Nothing was changed. Update Steno to edit it.
            </Notice>
          )}
          {letter.readOnlyReason !== null && (
            <Notice tone="tell" title="You can read this letter, not change it.">
              {letter.readOnlyReason}
            </Notice>
          )}
          <LostWords letter={letter} mayEdit={mayEdit} />
          <OpenReviews letter={letter} isOpen={isOpen(letter.status)} />
          {compared !== null && (
            <ComparisonScreen
              key={`${compared.from} ${compared.to ?? ''}`}
              letterId={letter.letterId}
              compared={compared}
              onClose={() => {
                setCompared(null);
              }}
            />
          )}
          <div className="letter-editing" hidden={compared !== null}>
            <Toolbar
              editor={editor}
              values={letter.values}
              mayEdit={mayEdit}
              showsOutline={showsOutline}
              onToggleOutline={() => {
                setShowsOutline(!showsOutline);
              }}
              onComment={desk.mayComment ? desk.comment : null}
              onSuggest={desk.maySuggest ? desk.suggest : null}
            />
            {find.asked !== null && (
              <FindBar
                editor={editor}
                values={letter.values}
                mayEdit={mayEdit}
                asked={find.asked}
                onWords={find.setWords}
                onOpenSource={(variable) => {
                  setInHand(variable);
                  setInspector('sources');
                }}
                onClose={find.close}
              />
            )}
            <PasteBar
              progress={paste.progress}
              text={paste.text}
              onRead={() => {
                paste.onRead();
                editor.commands.focus();
              }}
            />
            <div className="letter-scroll" tabIndex={mayEdit && paste.progress === null ? undefined : 0}>
              <div className="letter-page" style={letterLook(letter.style)}>
                <LetterheadLines letterhead={letter.letterhead} />
                <EditorContent editor={editor} />
                <Footnotes editor={editor} values={letter.values} />
              </div>
            </div>
            {spelling.asked && (
              <SpellingMenu
                editor={editor}
                letterId={letter.letterId}
                asked={spelling.asked}
                onKept={speller.forget}
                onClose={spelling.close}
              />
            )}
            <LetterFooter editor={editor} values={letter.values} />
          </div>
        </section>
        <Inspector
          letter={letter}
          view={inspector}
          onView={setInspector}
          inHand={inHand}
          onGoTo={goTo}
          desk={desk}
          linted={linted}
          mayEdit={mayEdit}
          saving={letterDoc.saving}
          compared={compared}
          onCompare={setCompared}
        />
      </div>
    </LetterValuesContext>
  );
}
