import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { TemplateId } from '../../shared/ids.ts';
import { useCall } from '../client.ts';
import { ComparedText } from '../letters/ComparedText.tsx';
import '../letters/letters.css';
import '../letters/versions.css';
import { useKeys } from '../ui/keys.ts';
import { Loaded } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import type { ComparedVersions } from './VersionsPanel.tsx';
import { versionTitle } from './words.ts';

interface ComparisonProps {
  templateId: TemplateId;
  compared: ComparedVersions;
  onClose: () => void;
}

/** Two versions as one text, word by word: what came is underlined, what went is struck out. */
export function Comparison({ templateId, compared, onClose }: ComparisonProps) {
  const answer = useCall('templates.compare', { templateId, ...compared });
  useKeys({ Escape: onClose });
  return (
    <section className="template-comparison" aria-label="Compared versions">
      <Loaded answer={answer} text="Comparing the two">
        {({ from, to, lines, added, removed }) => (
          <>
            <header className="row">
              <h2>
                {versionTitle(from.number)} <span aria-hidden>→</span>
                <span className="sr-only"> against </span> {to === null ? 'what is here' : versionTitle(to.number)}
              </h2>
              <span className="quiet" role="status">
                {added + removed === 0 ? 'The same words.' : `${count(added, 'word')} in, ${count(removed, 'word')} out`}
              </span>
              <Button
                className="push"
                variant="subtle"
                leftSection={<IconX size={14} />}
                title="Back to the sections (Escape)"
                onClick={onClose}
              >
                Close
              </Button>
            </header>
            <ComparedText lines={lines} />
          </>
        )}
      </Loaded>
    </section>
  );
}
