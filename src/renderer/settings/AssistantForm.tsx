import { Button, NativeSelect, Radio, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { Leaves, offlinePolicy, ProviderName, type FirmPolicy } from '../../shared/ai.ts';
import { useCommand } from '../client.ts';
import { readMoney } from '../ui/money-input.ts';
import { MoneyField } from '../ui/MoneyField.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { tell } from '../ui/undo.tsx';
import { dollarsFromInput, dollarsToInput } from './dollars.ts';
import { firstLeaves, leavesWords, providerWords } from './words.ts';

/** Who is asked, what may leave, and for how much: an administrator's to change. */
export function AssistantForm({ policy }: { policy: FirmPolicy }) {
  const [provider, setProvider] = useState(policy.provider);
  const [model, setModel] = useState(policy.model ?? '');
  const [baseUrl, setBaseUrl] = useState(policy.baseUrl ?? '');
  const [region, setRegion] = useState(policy.region ?? '');
  const [leaves, setLeaves] = useState(firstLeaves(policy));
  const [month, setMonth] = useState(dollarsToInput(policy.monthLimitMicrodollars));
  const [matter, setMatter] = useState(dollarsToInput(policy.matterLimitMicrodollars));
  const [input, setInput] = useState(dollarsToInput(policy.price?.input ?? null));
  const [output, setOutput] = useState(dollarsToInput(policy.price?.output ?? null));
  const set = useCommand('settings.setAssistant');
  const isOffline = provider === 'offline';
  const problems = [month, matter, input, output].map((text) => readMoney(text).problem);
  const priceIsHalf = (input.trim() === '') !== (output.trim() === '');

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const [inputPrice, outputPrice] = [dollarsFromInput(input), dollarsFromInput(output)];
    const decided: FirmPolicy = isOffline
      ? offlinePolicy
      : {
          provider,
          model: model.trim() === '' ? null : model.trim(),
          baseUrl: baseUrl.trim() === '' ? null : baseUrl.trim(),
          region: provider === 'bedrock' ? region.trim() : null,
          leaves,
          monthLimitMicrodollars: dollarsFromInput(month),
          matterLimitMicrodollars: dollarsFromInput(matter),
          price: inputPrice === null || outputPrice === null ? null : { input: inputPrice, output: outputPrice },
        };
    const outcome = await set.run(decided);
    if (outcome.ok) tell('Saved for the whole firm.');
  };

  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      <NativeSelect
        label="Model provider"
        value={provider}
        data={ProviderName.options.map((value) => ({ value, label: providerWords[value] }))}
        onChange={(event) => {
          setProvider(ProviderName.parse(event.currentTarget.value));
          setBaseUrl('');
        }}
      />
      {!isOffline && (
        <>
          <TextInput
            label="Model"
            description="As the provider writes its name."
            value={model}
            onChange={(event) => {
              setModel(event.currentTarget.value);
            }}
          />
          {provider === 'bedrock' && (
            <TextInput
              label="AWS region"
              placeholder="us-east-1"
              value={region}
              onChange={(event) => {
                setRegion(event.currentTarget.value);
              }}
            />
          )}
          <TextInput
            label="Address"
            description={
              provider === 'openai'
                ? 'Of your own server, such as http://192.168.1.20:11434/v1. Empty: OpenAI itself.'
                : 'Of a gateway of your firm’s. Empty: the provider itself.'
            }
            value={baseUrl}
            onChange={(event) => {
              setBaseUrl(event.currentTarget.value);
            }}
          />
          <Radio.Group
            label="What may leave a laptop when somebody asks"
            value={leaves}
            onChange={(value) => {
              setLeaves(Leaves.parse(value));
            }}
          >
            <div className="settings-choices">
              {Leaves.options.map((value) => (
                <Radio key={value} value={value} label={leavesWords[value]} />
              ))}
            </div>
          </Radio.Group>
          <div className="row wrap settings-money">
            <MoneyField label="Limit a month, firm" value={month} onChange={setMonth} width={150} />
            <MoneyField label="Limit for a matter" value={matter} onChange={setMatter} width={150} />
          </div>
          <div className="row wrap settings-money">
            <MoneyField label="Price per million tokens in" value={input} onChange={setInput} width={190} />
            <MoneyField label="Price per million tokens out" value={output} onChange={setOutput} width={190} />
          </div>
          <p className="quiet">
            Empty limits: none. Empty prices: those Steno knows.{priceIsHalf ? ' Enter both prices, or neither.' : ''}
          </p>
        </>
      )}
      <div className="row">
        <Button type="submit" loading={set.busy} disabled={problems.some((problem) => problem !== null) || priceIsHalf}>
          Save for the firm
        </Button>
      </div>
      {set.error && <ErrorNotice error={set.error} />}
    </form>
  );
}
