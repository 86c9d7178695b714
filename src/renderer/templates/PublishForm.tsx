import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TemplateId, VersionId } from '../../shared/ids.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { tell } from '../ui/undo.tsx';
import { count } from '../ui/values.tsx';
import type { Draft } from './use-draft.ts';

interface PublishFormProps {
  templateId: TemplateId;
  draft: Draft;
  basedOn: VersionId | null;
  problems: number;
  onClose: () => void;
  onPublished: () => void;
}

/** Makes a version of the draft: colleagues draft from it from then on, and letters that were drafted before stay as they are. */
export function PublishForm({ templateId, draft, basedOn, problems, onClose, onPublished }: PublishFormProps) {
  const [why, setWhy] = useState('');
  const publish = useCommand('templates.publish');
  return (
    <form
      className="library-new"
      aria-label="Publish"
      onSubmit={(event) => {
        event.preventDefault();
        draft.forget();
        void publish.run({ templateId, content: draft.content, basedOn, why }).then((done) => {
          if (!done.ok) return;
          tell('Published. Colleagues draft from this version once it has synced.');
          onPublished();
        });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <TextInput
        autoFocus
        label="What changed, and why (may be left empty)"
        placeholder="New paragraph on liens"
        maxLength={2000}
        w={380}
        value={why}
        onChange={(event) => {
          setWhy(event.currentTarget.value);
        }}
      />
      <Button type="submit" loading={publish.busy}>
        {problems === 0 ? 'Publish' : `Publish with ${count(problems, 'problem')}`}
      </Button>
      <Button variant="subtle" color="gray" onClick={onClose}>
        Cancel
      </Button>
      {publish.error && <ErrorNotice error={publish.error} />}
    </form>
  );
}
