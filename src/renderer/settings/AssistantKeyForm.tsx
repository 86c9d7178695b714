import { Button, PasswordInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { AssistantView } from '../../shared/ai.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { tell } from '../ui/undo.tsx';

const formWords: Partial<Record<AssistantView['policy']['provider'], string>> = {
  bedrock: 'A Bedrock API key, or an access key as ACCESS_KEY_ID:SECRET.',
  openai: 'A server of your own may need none.',
};

/** This person's key: it goes in, and is never shown again, not even here. */
export function AssistantKeyForm({ view, goesTo }: { view: AssistantView; goesTo: string }) {
  const [key, setKey] = useState('');
  const set = useCommand('settings.setAssistantKey');
  const forget = useCommand('settings.forgetAssistantKey');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const outcome = await set.run({ key });
    setKey('');
    if (outcome.ok) tell('The key is kept.');
  };
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      <h3>Your key for {goesTo}</h3>
      <p className="quiet">
        {view.hasKey
          ? 'A key of yours is kept on this computer. It is used for your own requests only, and nobody can read it here.'
          : view.isKeyForElsewhere
            ? 'The key that is kept here was entered for another address, so it is not sent to this one. Enter it again if it is meant for it.'
            : `There is none on this computer yet. ${formWords[view.policy.provider] ?? ''}`}
      </p>
      <div className="row settings-key">
        <PasswordInput
          label={view.hasKey ? 'Another key' : 'Key'}
          autoComplete="off"
          value={key}
          style={{ flex: 1 }}
          onChange={(event) => {
            setKey(event.currentTarget.value);
          }}
        />
        <Button type="submit" variant="default" loading={set.busy} disabled={key.trim().length < 8}>
          Keep
        </Button>
        {(view.hasKey || view.isKeyForElsewhere) && (
          <Button
            variant="subtle"
            color="gray"
            loading={forget.busy}
            onClick={() => {
              void forget.run({});
            }}
          >
            Forget it
          </Button>
        )}
      </div>
      {set.error && <ErrorNotice error={set.error} />}
    </form>
  );
}
