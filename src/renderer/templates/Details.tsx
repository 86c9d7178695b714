import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { LibraryRow } from '../../shared/templates.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

/** Name, category and what it is for: of the library, not of a version, so that they hold as soon as they are entered. */
export function Details({ row, mayEdit }: { row: LibraryRow; mayEdit: boolean }) {
  const [typed, setTyped] = useState({ name: row.name, category: row.category ?? '', description: row.description });
  const describe = useCommand('templates.describe');
  const commit = (part: keyof typeof typed) => {
    const value = typed[part].trim();
    if (part === 'name' && value === '') setTyped({ ...typed, name: row.name });
    else if (value !== (row[part] ?? ''))
      void describe.run({ templateId: row.templateId, [part]: part === 'category' ? value || null : value });
  };
  const field = (part: keyof typeof typed, label: string, most: number) => (
    <TextInput
      label={label}
      maxLength={most}
      readOnly={!mayEdit}
      value={typed[part]}
      onChange={(event) => {
        setTyped({ ...typed, [part]: event.currentTarget.value });
      }}
      onBlur={() => {
        commit(part);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(part);
      }}
    />
  );
  return (
    <div className="template-details">
      {field('name', 'Name', 240)}
      {field('category', 'Category', 100)}
      {field('description', 'What it is for', 10_000)}
      {describe.error && <ErrorNotice error={describe.error} />}
    </div>
  );
}
