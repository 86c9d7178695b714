import { TextInput } from '@mantine/core';
import { readMoney } from './money-input.ts';

interface MoneyFieldProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  hideLabel?: boolean;
  allowNegative?: boolean;
  disabled?: boolean;
  onCommit?: () => void;
  width?: number;
}

/** A text field for an amount. It never rewrites what is being typed and never holds a number. */
export function MoneyField({
  label,
  value,
  onChange,
  hideLabel = false,
  allowNegative = false,
  disabled = false,
  onCommit,
  width = 120,
}: MoneyFieldProps) {
  const { problem } = readMoney(value, { allowNegative });
  return (
    <TextInput
      {...(hideLabel ? { 'aria-label': label } : { label })}
      value={value}
      disabled={disabled}
      inputMode="decimal"
      leftSection="$"
      leftSectionWidth={22}
      w={width}
      error={problem}
      styles={{ input: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' }, error: { fontSize: '12px' } }}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
      onBlur={onCommit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onCommit?.();
      }}
    />
  );
}
