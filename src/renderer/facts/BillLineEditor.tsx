import { Button, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { BillLineView } from '../../shared/facts.ts';
import { formatCents } from '../../shared/money.ts';
import { useCommand } from '../client.ts';
import { centsToInput, readMoney } from '../ui/money-input.ts';
import { MoneyField } from '../ui/MoneyField.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';

/** Corrects one bill line under its row. What is owed follows from the other three and is never typed. */
export function BillLineEditor({ line, onDone }: { line: BillLineView; onDone: () => void }) {
  const [provider, setProvider] = useState(line.provider);
  const [billed, setBilled] = useState(centsToInput(line.billedCents));
  const [adjusted, setAdjusted] = useState(centsToInput(line.adjustedCents));
  const [paid, setPaid] = useState(centsToInput(line.paidCents));
  const [reason, setReason] = useState('');
  const correct = useCommand('facts.correctBillLine');

  const billedCents = readMoney(billed, { allowNegative: true }).cents;
  const adjustedCents = readMoney(adjusted, { allowNegative: true }).cents;
  const paidCents = readMoney(paid, { allowNegative: true }).cents;
  const owedCents = billedCents === null || adjustedCents === null || paidCents === null ? null : billedCents - adjustedCents - paidCents;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (billedCents === null || adjustedCents === null || paidCents === null || provider.trim() === '') return;
    const outcome = await correct.run({
      billLineId: line.billLineId,
      provider: provider.trim(),
      billedCents,
      adjustedCents,
      paidCents,
      reason,
    });
    if (outcome.ok) onDone();
  };

  return (
    <form
      className="line-editor"
      onSubmit={(event) => {
        void submit(event);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onDone();
        }
      }}
    >
      <TextInput
        label="Provider"
        value={provider}
        w={200}
        onChange={(event) => {
          setProvider(event.currentTarget.value);
        }}
      />
      <MoneyField label="Billed" value={billed} onChange={setBilled} allowNegative width={110} />
      <MoneyField label="Adjusted" value={adjusted} onChange={setAdjusted} allowNegative width={110} />
      <MoneyField label="Paid" value={paid} onChange={setPaid} allowNegative width={110} />
      <div className="owed">
        <span className="quiet">Owed</span>
        <output className="number">{owedCents === null ? '—' : formatCents(owedCents)}</output>
      </div>
      <TextInput
        label="Why (kept in the history)"
        value={reason}
        style={{ flex: '1 1 160px' }}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <div className="row line-editor-actions">
        <Button type="submit" loading={correct.busy} disabled={owedCents === null || provider.trim() === ''}>
          Save
        </Button>
        <Button variant="subtle" color="gray" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {correct.error && <ErrorNotice error={correct.error} />}
    </form>
  );
}
