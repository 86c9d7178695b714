import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useCommand } from '../client.ts';
import { showTemplates } from '../route.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

/** Name and category of a new template; colleagues draft from it once it is published. */
export function NewTemplate({ categories, onClose }: { categories: string[]; onClose: () => void }) {
  const [name, setName] = useState('');
  const [category, setCategory] = useState('');
  const create = useCommand('templates.create');
  return (
    <form
      className="library-new"
      aria-label="New template"
      onSubmit={(event) => {
        event.preventDefault();
        void create.run({ name, category: category.trim() || null }).then((made) => {
          if (made.ok) showTemplates(made.value.templateId);
        });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <TextInput
        autoFocus
        label="Name"
        placeholder="Dog bite demand"
        maxLength={240}
        w={260}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <TextInput
        label="Category"
        placeholder="Auto"
        list="template-categories"
        maxLength={100}
        w={200}
        value={category}
        onChange={(event) => {
          setCategory(event.currentTarget.value);
        }}
      />
      <datalist id="template-categories">
        {categories.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <Button type="submit" loading={create.busy} disabled={name.trim() === ''}>
        Make it
      </Button>
      <Button variant="subtle" color="gray" onClick={onClose}>
        Cancel
      </Button>
      {create.error && <ErrorNotice error={create.error} />}
    </form>
  );
}
