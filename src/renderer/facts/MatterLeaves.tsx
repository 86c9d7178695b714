import { NativeSelect } from '@mantine/core';
import { Leaves, type MatterAssistantView } from '../../shared/ai.ts';
import type { MatterId } from '../../shared/ids.ts';
import { useCommand } from '../client.ts';
import { leavesInSentence } from '../settings/words.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

/** What may leave of this one matter: as the firm decided, or less. */
export function MatterLeaves({ matterId, view }: { matterId: MatterId; view: MatterAssistantView }) {
  const set = useCommand('settings.setMatterAssistant');
  if (view.locked !== null) return null;
  return (
    <>
      <NativeSelect
        aria-label="What may leave of this matter"
        className="push"
        value={view.own.leaves ?? ''}
        data={[
          { value: '', label: 'Of this matter: as the firm decided' },
          ...Leaves.options.map((value) => ({ value, label: `Of this matter: ${leavesInSentence(value)}` })),
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget;
          void set.run({ matterId, policy: { ...view.own, leaves: value === '' ? null : Leaves.parse(value) } });
        }}
      />
      {set.error && <ErrorNotice error={set.error} />}
    </>
  );
}
