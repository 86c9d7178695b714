import { Button } from '@mantine/core';
import type { ExportFormat } from '../../shared/export.ts';
import type { LetterId, VersionId } from '../../shared/ids.ts';
import type { AppState } from '../../shared/setup.ts';
import { useBridge, useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { MomentText } from '../ui/values.tsx';
import { downloadExport } from './download.ts';

/** What was finalized before the letter was opened again, as it went out: nothing while the letter itself is that. */
export function FinalizedVersions({ letterId, hostKind }: { letterId: LetterId; hostKind: AppState['hostKind'] }) {
  const versions = useCall('letters.versions', { letterId });
  const create = useCommand('export.create');
  const bridge = useBridge();
  const frozen = versions.data?.versions.filter(({ isMajor }) => isMajor) ?? [];
  const isOpen = versions.data?.status === 'Draft' || versions.data?.status === 'In_Review';
  // the newest is what the letter itself is, until it is opened again
  const earlier = isOpen ? frozen : frozen.slice(1);
  if (earlier.length === 0) return null;
  const make = async (versionId: VersionId, format: ExportFormat) => {
    const made = await create.run({ letterId, format, versionId });
    if (made.ok && hostKind === 'browser') await downloadExport(bridge, made.value.exportId);
  };
  return (
    <section className="stack" aria-label="Finalized versions">
      <h2>Finalized versions</h2>
      <p className="quiet">The letter as it was each time it was finalized, whatever it says now.</p>
      <ul className="finalized-versions">
        {earlier.map(({ versionId, number, byName, at }) => {
          const title = number === null ? 'Not at the firm yet' : `Version ${String(number)}`;
          return (
            <li key={versionId} className="row">
              <span>{title}</span>
              <span className="quiet">
                {byName !== null && `finalized by ${byName} `}
                {at !== null && <MomentText at={at} />}
              </span>
              <span className="row push">
                {(['docx', 'pdf'] as const).map((format) => (
                  <Button
                    key={format}
                    variant="default"
                    loading={create.busy}
                    aria-label={`Export ${title} as ${format === 'docx' ? 'Word (DOCX)' : 'PDF'}`}
                    onClick={() => {
                      void make(versionId, format);
                    }}
                  >
                    {format === 'docx' ? 'Word' : 'PDF'}
                  </Button>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
      {create.error && <ErrorNotice error={create.error} />}
    </section>
  );
}
