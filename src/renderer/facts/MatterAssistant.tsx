import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { Leaves, type MatterAssistantView } from '../../shared/ai.ts';
import type { MatterId } from '../../shared/ids.ts';
import { useCommand } from '../client.ts';
import { dollarsFromInput, dollarsToInput } from '../settings/dollars.ts';
import { leavesInSentence } from '../settings/words.ts';
import { readMoney } from '../ui/money-input.ts';
import { MoneyField } from '../ui/MoneyField.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { tell } from '../ui/undo.tsx';

/** What holds for this one matter: as the firm decided, or less of it. Only who may decide it sees it. */
export function MatterAssistant({ matterId, view, onSaved }: { matterId: MatterId; view: MatterAssistantView; onSaved: () => void }) {
  const { own, firm } = view;
  const [leaves, setLeaves] = useState<string>(own.leaves ?? '');
  const [model, setModel] = useState(own.model ?? '');
  const [limit, setLimit] = useState(dollarsToInput(own.limitMicrodollars));
  const set = useCommand('settings.setMatterAssistant');
  // a matter may be stricter than its firm, never laxer
  const offered = Leaves.options.slice(0, Leaves.options.indexOf(firm.leaves) + 1);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const outcome = await set.run({
      matterId,
      policy: {
        leaves: leaves === '' ? null : Leaves.parse(leaves),
        model: model.trim() === '' ? null : model.trim(),
        limitMicrodollars: dollarsFromInput(limit),
      },
    });
    if (!outcome.ok) return;
    tell('Saved for this matter.');
    onSaved();
  };

  return (
    <form
      className="matter-assistant"
      aria-label="For this matter"
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      <div className="row wrap matter-assistant-fields">
        <NativeSelect
          label="What may leave of this matter"
          value={leaves}
          data={[
            { value: '', label: `As the firm decided: ${leavesInSentence(firm.leaves)}` },
            ...offered.map((value) => ({ value, label: leavesInSentence(value).replace(/^./, (first) => first.toUpperCase()) })),
          ]}
          onChange={(event) => {
            setLeaves(event.currentTarget.value);
          }}
        />
        <TextInput
          label="Model for this matter"
          placeholder={firm.model ?? ''}
          w={220}
          value={model}
          onChange={(event) => {
            setModel(event.currentTarget.value);
          }}
        />
        <MoneyField label="Limit for this matter" value={limit} onChange={setLimit} width={150} />
        <Button type="submit" variant="default" loading={set.busy} disabled={readMoney(limit).problem !== null}>
          Save for this matter
        </Button>
      </div>
      <p className="quiet">
        Empty fields: as the firm decided
        {firm.matterLimitMicrodollars === null ? ', with no limit' : `, up to $${dollarsToInput(firm.matterLimitMicrodollars)}`}.
        {model.trim() !== '' &&
          model.trim() !== firm.model &&
          ' Prices that the firm entered are for its own model; of another, only those Steno knows are counted.'}
      </p>
      {set.error && <ErrorNotice error={set.error} />}
    </form>
  );
}
