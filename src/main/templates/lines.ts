import type { Block } from '../../shared/letters.ts';
import { askedOf, type WholeTemplate } from '../../shared/template-content.ts';

/** A template as lines to compare with another: each section's title with what is said of it, its text as it is typed, and what it asks. */
export function templateLines(content: WholeTemplate): Block[] {
  const sections = content.sections.toSorted((a, b) => a.order - b.order);
  return [
    ...sections.flatMap(({ title, heading, optional, content: text }): Block[] => [
      {
        type: 'heading',
        level: 2,
        content: [{ type: 'text', text: [title, ...(heading ? [] : ['(not printed)']), ...(optional ? ['(optional)'] : [])].join(' ') }],
      },
      ...text
        .split('\n')
        .flatMap((line): Block[] => (line.trim() === '' ? [] : [{ type: 'paragraph', content: [{ type: 'text', text: line }] }])),
    ]),
    ...askedOf(content).map(({ name, label, type, required }): Block => ({
      type: 'paragraph',
      content: [{ type: 'text', text: `Asks for {{${name}}}: ${label} (${type}${required ? ', required' : ''})` }],
    })),
  ];
}
