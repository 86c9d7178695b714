import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { BudgetGb, budgetGbLimits, type StorageView } from '../../shared/files.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { bytesText, partText, problemWords } from './words.ts';
import './files.css';

/** Files on this laptop: what they take up, what is on its way, what is nowhere else yet. */
export function StorageSection() {
  const storage = useCall('files.storage', {});
  return (
    <section className="storage" aria-label="Files on this laptop">
      <h3>Files on this laptop</h3>
      <Loaded answer={storage} text="Adding up the files">
        {(view) => <Storage view={view} />}
      </Loaded>
    </section>
  );
}

function Storage({ view }: { view: StorageView }) {
  const { usedBytes, budgetGb, pinnedMatters, pinnedBytes, unconfirmedCount, unconfirmedBytes, transfers, problem } = view;
  return (
    <>
      <p>
        {partText(usedBytes, budgetGb * 1e9)} used
        <progress
          className="file-progress"
          aria-label="Space used by files"
          value={Math.min(usedBytes, budgetGb * 1e9)}
          max={budgetGb * 1e9}
        />
      </p>
      <p className="quiet">
        When it is full, files that you opened longest ago leave this laptop; the firm keeps them, and they come back when you open them.
        {pinnedMatters > 0 &&
          ` ${count(pinnedMatters, 'matter')} (${bytesText(pinnedBytes)}) always ${pinnedMatters === 1 ? 'stays' : 'stay'}.`}
      </p>
      {unconfirmedCount > 0 && (
        <p>
          {count(unconfirmedCount, 'file')} ({bytesText(unconfirmedBytes)}) {unconfirmedCount === 1 ? 'is' : 'are'} on this laptop only and{' '}
          {unconfirmedCount === 1 ? 'goes' : 'go'} to the firm as soon as it can be reached.
        </p>
      )}
      {problem && <ErrorNotice error={problem} />}
      <Budget view={view} />
      {transfers.length > 0 && (
        <h3>
          On their way <span className="quiet">{transfers.length}</span>
        </h3>
      )}
      {transfers.length > 0 && (
        <ul className="transfers">
          {transfers.map(({ fileName, direction, doneBytes, sizeBytes, problem: why }) => (
            <li key={`${direction} ${fileName}`}>
              <span className="cut" title={fileName}>
                {fileName}
              </span>
              <span className="quiet number nowrap">
                {direction === 'up' ? 'to the firm' : 'from the firm'}, {partText(doneBytes, sizeBytes)}
              </span>
              {why && <span className="transfer-problem">{problemWords(why).advice}</span>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Budget({ view }: { view: StorageView }) {
  const [wanted, setWanted] = useState(String(view.budgetGb));
  const set = useCommand('files.setBudget');
  if (view.isLocked) return <p className="quiet">Your firm has set {view.budgetGb} GB for files on its laptops.</p>;
  const budgetGb = BudgetGb.safeParse(/^\d+$/.test(wanted) ? Number(wanted) : null);
  return (
    <form
      className="row budget"
      onSubmit={(event) => {
        event.preventDefault();
        if (budgetGb.success) void set.run({ budgetGb: budgetGb.data });
      }}
    >
      <TextInput
        label="Space for files, GB"
        inputMode="numeric"
        value={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.value.trim());
        }}
        error={budgetGb.success ? null : `A whole number from ${String(budgetGbLimits.least)} to ${String(budgetGbLimits.most)}`}
      />
      <Button type="submit" variant="default" loading={set.busy} disabled={!budgetGb.success || budgetGb.data === view.budgetGb}>
        Save
      </Button>
      {set.error && <ErrorNotice error={set.error} />}
    </form>
  );
}
