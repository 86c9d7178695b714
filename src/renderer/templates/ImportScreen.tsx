import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { styleWords } from '../../shared/letter-style.ts';
import type { TemplateVariable } from '../../shared/template-content.ts';
import type { FoundWords, ImportedDocx, WordsChoice } from '../../shared/template-import.ts';
import type { Vocabulary } from '../../shared/templates.ts';
import { useCall, useCommand } from '../client.ts';
import { showTemplates } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { typeLabels } from './words.ts';

type Become = WordsChoice['become'];

interface ImportScreenProps {
  fileName: string;
  read: ImportedDocx;
  categories: string[];
  onClose: () => void;
}

/** What a letter of the firm says that its template should not: each of these words becomes a variable, or stays. */
export function ImportScreen(props: ImportScreenProps) {
  const vocabulary = useCall('templates.vocabulary', {});
  return (
    <Loaded answer={vocabulary} text="Reading the letter">
      {(known) => <Import {...props} known={known} />}
    </Loaded>
  );
}

const askedAs = ({ ask }: FoundWords): TemplateVariable => ({ ...ask, required: false, help: '' });
/** A gap is filled by what is called so, or asked; a fact of another case waits for a person. */
const atFirst = (words: FoundWords): Become | null => {
  if (words.kind === 'fact') return null;
  return words.known === null ? { as: 'asked', variable: askedAs(words) } : { as: 'known', name: words.known };
};

function Import({ fileName, read, categories, onClose, known }: ImportScreenProps & { known: Vocabulary }) {
  const [name, setName] = useState(fileName.replace(/\.docx$/i, '').slice(0, 240));
  const [category, setCategory] = useState('');
  const [become, setBecome] = useState(() => new Map(read.found.map((words) => [words.words, atFirst(words)] as const)));
  const [isAsIs, setAsIs] = useState(true);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const make = useCommand('templates.import');
  const undecided = read.found.filter(({ words }) => (become.get(words) ?? null) === null).length;
  const decide = (words: FoundWords, next: Become) => {
    setBecome((before) => new Map(before).set(words.words, next));
  };
  const move = (to: number) => {
    const next = Math.max(0, Math.min(read.found.length - 1, to));
    setAt(next);
    list.current?.querySelectorAll<HTMLElement>('[data-words]')[next]?.focus();
  };
  const inHand = read.found[at];
  const decideInHand = (next: Become) => {
    if (!inHand) return;
    decide(inHand, next);
    move(at + 1);
  };
  useKeys({
    j: () => {
      move(at + 1);
    },
    k: () => {
      move(at - 1);
    },
    v: () => {
      if (inHand) decideInHand(inHand.known === null ? { as: 'asked', variable: askedAs(inHand) } : { as: 'known', name: inHand.known });
    },
    s: () => {
      decideInHand({ as: 'kept' });
    },
  });
  const submit = async () => {
    const choices = read.found.map(({ words }) => ({ words, become: become.get(words) ?? { as: 'kept' as const } }));
    const made = await make.run({
      name,
      category: category.trim() || null,
      sections: read.sections,
      choices,
      style: isAsIs ? read.style : null,
    });
    if (made.ok) showTemplates(made.value.templateId);
  };
  return (
    <>
      <header className="bar template-bar">
        <Button variant="subtle" leftSection={<IconArrowLeft size={14} />} onClick={onClose}>
          Templates
        </Button>
        <h1 className="cut">{fileName}</h1>
        <span className="quiet nowrap">{count(read.sections.length, 'section')}</span>
      </header>
      <form
        className="library-new"
        aria-label="Import as a template"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextInput
          label="Name"
          maxLength={240}
          w={260}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <TextInput
          label="Category"
          maxLength={100}
          w={200}
          list="import-categories"
          value={category}
          onChange={(event) => {
            setCategory(event.currentTarget.value);
          }}
        />
        <datalist id="import-categories">
          {categories.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Checkbox
          label={`Letters look as this one does: ${styleWords(read.style)}`}
          checked={isAsIs}
          onChange={(event) => {
            setAsIs(event.currentTarget.checked);
          }}
        />
        <Button type="submit" loading={make.busy} disabled={name.trim() === '' || undecided > 0}>
          Make the template
        </Button>
        <span className="quiet" role="status">
          {undecided === 0 ? 'Everything is decided.' : `${count(undecided, 'decision')} to make`}
        </span>
        {make.error && <ErrorNotice error={make.error} />}
      </form>
      <div className="scroll fill import" tabIndex={0} role="region" aria-label="What the letter says" ref={list}>
        {read.notes.length > 0 && (
          <ul className="import-notes quiet">
            {read.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
        {(['placeholder', 'fact'] as const).map((kind) => {
          const some = read.found.filter((words) => words.kind === kind);
          if (some.length === 0) return null;
          return (
            <section key={kind} aria-label={kind === 'placeholder' ? 'Gaps to be filled' : 'These look like facts of another case'}>
              <h2>{kind === 'placeholder' ? 'Gaps to be filled' : 'These look like facts of another case'}</h2>
              <p className="quiet">
                {kind === 'placeholder'
                  ? 'Each becomes the variable beside it.'
                  : 'Names, amounts, dates and numbers, found by their looks: make each a variable (v), or say that it stays (s). j and k go on and back.'}
              </p>
              <ul className="import-list">
                {some.map((words) => (
                  <Found
                    key={words.words}
                    words={words}
                    become={become.get(words.words) ?? null}
                    isInHand={words === inHand}
                    known={known}
                    onFocus={() => {
                      setAt(read.found.indexOf(words));
                    }}
                    onDecide={(next) => {
                      decide(words, next);
                    }}
                  />
                ))}
              </ul>
            </section>
          );
        })}
        <section aria-label="Sections">
          <h2>Sections</h2>
          {read.sections.map(({ id, title, content, heading }) => (
            <details key={id}>
              <summary>{heading ? title : `${title} (its title is not printed)`}</summary>
              <pre className="import-text">{content}</pre>
            </details>
          ))}
        </section>
      </div>
    </>
  );
}

interface FoundProps {
  words: FoundWords;
  /** null: nobody has decided yet. */
  become: Become | null;
  isInHand: boolean;
  known: Vocabulary;
  onFocus: () => void;
  onDecide: (become: Become) => void;
}

function Found({ words, become, isInHand, known, onFocus, onDecide }: FoundProps) {
  const asked = askedAs(words);
  const value = become === null ? '' : become.as === 'known' ? become.name : become.as === 'asked' ? '?' : '=';
  return (
    <li data-in-hand={isInHand || undefined}>
      <button type="button" className="import-words" data-words onFocus={onFocus} aria-label={`Words: ${words.words}`}>
        <strong>{words.words}</strong>
        {words.times > 1 && <span className="quiet"> {words.times} times</span>}
        <span className="quiet import-around">… {words.around} …</span>
      </button>
      <NativeSelect
        aria-label={`${words.words} becomes`}
        w={230}
        value={value}
        onFocus={onFocus}
        data={[
          ...(become === null ? [{ value: '', label: 'Decide …' }] : []),
          { value: '=', label: 'Stays as it is' },
          { value: '?', label: `Ask for it: ${asked.label} (${typeLabels[asked.type].toLowerCase()})` },
          ...known.variables.map((one) => ({ value: one.name, label: one.label })),
        ]}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          if (chosen === '=') onDecide({ as: 'kept' });
          else if (chosen === '?') onDecide({ as: 'asked', variable: asked });
          else if (chosen !== '') onDecide({ as: 'known', name: chosen });
        }}
      />
    </li>
  );
}
