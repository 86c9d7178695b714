import { ActionIcon, Button, Checkbox, Textarea, TextInput, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical, IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { TemplateSection } from '../../shared/template-content.ts';
import type { TemplateProblem } from '../../shared/templates.ts';
import { tell } from '../ui/undo.tsx';
import { count } from '../ui/values.tsx';
import { InsertMenu } from './InsertMenu.tsx';
import type { Draft } from './use-draft.ts';

interface SectionsProps {
  draft: Draft;
  mayEdit: boolean;
  problems: TemplateProblem[];
}

/** The sections in their order. Alt with an arrow moves the one in hand; the handle moves it by mouse. */
export function Sections({ draft, mayEdit, problems }: SectionsProps) {
  const sections = inOrder(draft.content.sections);
  const [dragged, setDragged] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const set = (next: TemplateSection[]) => {
    draft.change((before) => ({ ...before, sections: next.map((section, index) => ({ ...section, order: index + 1 })) }));
  };
  const move = (id: string, to: number, focus: 'handle' | 'text') => {
    const from = sections.findIndex((section) => section.id === id);
    const moved = sections[from];
    if (!moved || to < 0 || to >= sections.length || to === from) return;
    set(sections.toSpliced(from, 1).toSpliced(to, 0, moved));
    requestAnimationFrame(() => {
      const card = list.current?.querySelector(`[data-section="${CSS.escape(id)}"]`);
      card?.scrollIntoView({ block: 'nearest' });
      card?.querySelector<HTMLElement>(focus === 'text' ? '[data-part="content"]' : '.section-move')?.focus();
    });
  };
  const add = () => {
    const id = crypto.randomUUID();
    set([...sections, { id, title: '', content: '', order: 0, heading: true, optional: false }]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-section="${id}"] [data-part="title"]`)?.focus());
  };
  return (
    <>
      {sections.length === 0 && (
        <p className="quiet">No sections yet. A section is a part of the letter with a title: “Facts”, “Liability”.</p>
      )}
      <ol className="section-list" aria-label="Sections of the template" ref={list}>
        {sections.map((section, index) => (
          <li
            key={section.id}
            className="section-card"
            data-section={section.id}
            data-dragged={dragged === section.id || undefined}
            onDragOver={(event) => {
              if (dragged !== null) event.preventDefault();
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) move(dragged, index, 'handle');
              setDragged(null);
            }}
            onKeyDown={(event) => {
              if (!mayEdit || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
              event.preventDefault();
              const isText = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement;
              move(section.id, index + (event.key === 'ArrowUp' ? -1 : 1), isText ? 'text' : 'handle');
            }}
          >
            <Section
              section={section}
              place={index}
              last={sections.length - 1}
              mayEdit={mayEdit}
              problems={problems.filter(({ sectionId }) => sectionId === section.id)}
              onDrag={(isDragged) => {
                setDragged(isDragged ? section.id : null);
              }}
              onChange={(patch) => {
                set(sections.map((one) => (one.id === section.id ? { ...one, ...patch } : one)));
              }}
              onMove={(to) => {
                move(section.id, to, 'handle');
              }}
              onRemove={() => {
                set(sections.filter(({ id }) => id !== section.id));
                tell(`“${section.title || 'The section'}” is removed.`, () => {
                  draft.change((before) => ({ ...before, sections: inOrder([...before.sections, { ...section, order: index + 0.5 }]) }));
                });
              }}
            />
          </li>
        ))}
      </ol>
      {mayEdit && (
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
          Add a section
        </Button>
      )}
    </>
  );
}

interface SectionProps {
  section: TemplateSection;
  place: number;
  last: number;
  mayEdit: boolean;
  problems: TemplateProblem[];
  onDrag: (isDragged: boolean) => void;
  onChange: (patch: Partial<TemplateSection>) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

function Section({ section, place, last, mayEdit, problems, onDrag, onChange, onMove, onRemove }: SectionProps) {
  const { title, content, heading, optional } = section;
  const text = useRef<HTMLTextAreaElement>(null);
  const name = title.trim() === '' ? `Section ${String(place + 1)}` : title;
  const insert = (words: string) => {
    // once the menu has given the focus back
    requestAnimationFrame(() => {
      text.current?.focus();
      // the browser's own way in: what it puts in can be undone like what is typed
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      if (!window.document.execCommand('insertText', false, words)) onChange({ content: content + words });
    });
  };
  return (
    <>
      <div className="section-head">
        {mayEdit && (
          <Tooltip label="Drag to move">
            <span
              className="section-grip"
              draggable
              aria-hidden
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', name);
                onDrag(true);
              }}
              onDragEnd={() => {
                onDrag(false);
              }}
            >
              <IconGripVertical size={16} />
            </span>
          </Tooltip>
        )}
        <TextInput
          aria-label={`Title of section ${String(place + 1)}`}
          placeholder="Title of the section"
          data-part="title"
          className="section-title"
          maxLength={255}
          readOnly={!mayEdit}
          value={title}
          onChange={(event) => {
            onChange({ title: event.currentTarget.value });
          }}
        />
        <Checkbox
          size="xs"
          label="Title is printed"
          checked={heading}
          disabled={!mayEdit}
          onChange={(event) => {
            onChange({ heading: event.currentTarget.checked });
          }}
        />
        <Checkbox
          size="xs"
          label="Optional"
          checked={optional}
          disabled={!mayEdit}
          onChange={(event) => {
            onChange({ optional: event.currentTarget.checked });
          }}
        />
        {mayEdit && (
          <span className="row section-actions">
            <ActionIcon
              className="section-move"
              aria-label={`Move up: ${name}`}
              title="Move up (Alt ↑)"
              disabled={place === 0}
              onClick={() => {
                onMove(place - 1);
              }}
            >
              <IconArrowUp size={15} />
            </ActionIcon>
            <ActionIcon
              aria-label={`Move down: ${name}`}
              title="Move down (Alt ↓)"
              disabled={place === last}
              onClick={() => {
                onMove(place + 1);
              }}
            >
              <IconArrowDown size={15} />
            </ActionIcon>
            <ActionIcon aria-label={`Remove: ${name}`} onClick={onRemove}>
              <IconTrash size={15} />
            </ActionIcon>
          </span>
        )}
      </div>
      {mayEdit && <InsertMenu name={name} onInsert={insert} />}
      <Textarea
        ref={text}
        aria-label={`Text of ${name}`}
        data-part="content"
        className="section-text"
        autosize
        minRows={3}
        maxRows={24}
        maxLength={200_000}
        readOnly={!mayEdit}
        spellCheck
        value={content}
        onChange={(event) => {
          onChange({ content: event.currentTarget.value });
        }}
      />
      {problems.length > 0 && <p className="section-problems">{count(problems.length, 'problem')}, listed beside</p>}
    </>
  );
}

function inOrder(sections: readonly TemplateSection[]): TemplateSection[] {
  return sections.toSorted((a, b) => a.order - b.order);
}
