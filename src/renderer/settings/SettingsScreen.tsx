import type { AssistantView } from '../../shared/ai.ts';
import { useCall } from '../client.ts';
import { DayText } from '../ui/values.tsx';
import { Loaded } from '../ui/states.tsx';
import { AssistantForm } from './AssistantForm.tsx';
import { DecidedByFirm } from './DecidedByFirm.tsx';
import { AssistantKeyForm } from './AssistantKeyForm.tsx';
import { Spelling } from './Spelling.tsx';
import { privacyWords, spentWords } from './words.ts';
import '@mantine/core/styles/Radio.css';
import './settings.css';

/** What the firm and this person decide. What the firm decided is shown to everybody, with a lock and why. */
export function SettingsScreen() {
  const assistant = useCall('settings.assistant', {});
  return (
    <>
      <header className="bar">
        <h1>Settings</h1>
      </header>
      <div className="scroll fill">
        <Loaded answer={assistant} text="Reading the settings">
          {(view) => <Assistant view={view} />}
        </Loaded>
        <Spelling />
      </div>
    </>
  );
}

function Assistant({ view }: { view: AssistantView }) {
  const { policy, goesTo, locked, month } = view;
  return (
    <section className="settings" aria-labelledby="assistant-heading">
      <h2 id="assistant-heading">Assistant and privacy</h2>
      <p className="settings-privacy">{privacyWords(policy.leaves, goesTo)}</p>
      {locked === null ? (
        <AssistantForm key={JSON.stringify(policy)} policy={policy} />
      ) : (
        <DecidedByFirm policy={policy} goesTo={goesTo} why={locked} />
      )}
      {policy.provider !== 'offline' && goesTo !== null && <AssistantKeyForm key={goesTo} view={view} goesTo={goesTo} />}
      <h3>Cost</h3>
      <p>
        Since <DayText day={month.since} />, the whole firm: {spentWords(month)}.
      </p>
      {policy.provider !== 'offline' && !view.isPriceKnown && (
        <p className="quiet">
          Steno does not know what this model costs (its list is of <DayText day={view.pricesAsOf} />
          ), so calls are counted without a cost and no limit can be kept. An administrator can enter the price above.
        </p>
      )}
    </section>
  );
}
