import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCopy, IconQuote, IconX } from '@tabler/icons-react';
import { copyText } from '../ui/copy.ts';
import { tell } from '../ui/undo.tsx';
import { tidyQuote } from './citation.ts';

interface SelectionBarProps {
  /** null: more than is in memory. */
  words: string | null;
  onCopy: () => void;
  onClear: () => void;
}

/** What can be done with the words that were selected on the pages. */
export function SelectionBar({ words, onCopy, onClear }: SelectionBarProps) {
  return (
    <div className="selection-bar" role="toolbar" aria-label="Selected words">
      <Button size="compact-sm" leftSection={<IconQuote size={14} />} onClick={onCopy}>
        Copy with citation
      </Button>
      <Tooltip label="Copy the words alone">
        <ActionIcon
          aria-label="Copy the words alone"
          disabled={words === null}
          onClick={() => {
            if (words !== null) tell(copyText(tidyQuote(words)) ? 'Copied.' : 'The clipboard could not be reached. Nothing was copied.');
          }}
        >
          <IconCopy size={15} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Select nothing (Esc)">
        <ActionIcon aria-label="Select nothing" onClick={onClear}>
          <IconX size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
