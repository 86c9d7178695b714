import { NativeSelect } from '@mantine/core';
import { useEffect } from 'react';
import type { MatterId } from '../../shared/ids.ts';
import type { CheckedTemplate } from '../../shared/templates.ts';
import { useCall } from '../client.ts';
import { ComparedText } from '../letters/ComparedText.tsx';
import '../letters/fonts.ts';
import '../letters/letters.css';
import { Loaded } from '../ui/states.tsx';

interface PreviewPanelProps {
  checked: CheckedTemplate | null;
  matterId: MatterId | null;
  onMatter: (matterId: MatterId | null) => void;
}

/** The letter that a draft from these words would be in a matter, values and all; nothing is drafted. */
export function PreviewPanel({ checked, matterId, onMatter }: PreviewPanelProps) {
  const matters = useCall('matters.list', {});
  const first = matters.data?.[0]?.matterId ?? null;
  useEffect(() => {
    if (matterId === null && first !== null) onMatter(first);
  }, [matterId, first, onMatter]);
  return (
    <Loaded answer={matters} text="Reading the matters">
      {(rows) =>
        rows.length === 0 ? (
          <p className="quiet">Once there is a matter, the letter that this template makes of it is shown here.</p>
        ) : (
          <div className="stack">
            <NativeSelect
              label="As a letter in"
              value={matterId ?? ''}
              onChange={(event) => {
                onMatter(event.currentTarget.value as MatterId);
              }}
              data={rows.map((row) => ({ value: row.matterId, label: row.title }))}
            />
            {checked?.refused !== null && checked?.refused !== undefined && <p className="template-refused">{checked.refused}</p>}
            {checked?.lines && (
              <div className="template-preview" role="region" aria-label="Preview of the letter">
                {checked.lines.length === 0 ? <p className="quiet">Nothing is printed yet.</p> : <ComparedText lines={checked.lines} />}
              </div>
            )}
          </div>
        )
      }
    </Loaded>
  );
}
