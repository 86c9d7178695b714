import { Button } from '@mantine/core';
import { IconFileTypeDocx, IconFileTypePdf, IconPackage } from '@tabler/icons-react';
import type { ExportFormat, ExportView } from '../../shared/export.ts';
import type { LetterId } from '../../shared/ids.ts';
import type { MatterRow } from '../../shared/matters.ts';
import type { AppState } from '../../shared/setup.ts';
import { useBridge, useCall, useCommand } from '../client.ts';
import { letterStatusWords } from '../matters/rows.ts';
import { showMatter } from '../route.ts';
import { ErrorNotice, Notice } from '../ui/Notice.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { MomentText, sizeText } from '../ui/values.tsx';
import { downloadExport } from './download.ts';
import { FinalizedVersions } from './FinalizedVersions.tsx';
import './export.css';

interface PackageTabProps {
  matter: MatterRow;
  hostKind: AppState['hostKind'];
}

/** The letter as files that leave the firm. */
export function PackageTab({ matter, hostKind }: PackageTabProps) {
  const { letterId } = matter;
  if (letterId === null) {
    return (
      <Empty icon={<IconPackage size={36} stroke={1.2} />} title="No letter to export yet">
        <p>Draft the letter first; it can be exported as Word or PDF at any time.</p>
        <Button
          variant="default"
          onClick={() => {
            showMatter(matter.matterId, 'letter');
          }}
        >
          Go to the letter
        </Button>
      </Empty>
    );
  }
  return <Exports matter={matter} letterId={letterId} hostKind={hostKind} />;
}

function Exports({ matter, letterId, hostKind }: PackageTabProps & { letterId: LetterId }) {
  const exports = useCall('export.list', { letterId });
  const create = useCommand('export.create');
  const bridge = useBridge();
  const isDraft = matter.letterStatus === 'Draft' || matter.letterStatus === 'In_Review';
  const make = async (format: ExportFormat) => {
    const made = await create.run({ letterId, format });
    // A browser tab has no folder to show: making the file and handing it over are one step there.
    if (made.ok && hostKind === 'browser') await downloadExport(bridge, made.value.exportId);
  };
  return (
    <div className="package scroll">
      <section className="stack">
        <h2>Export the letter</h2>
        {isDraft && (
          <Notice
            tone="ask"
            title={`The letter is ${matter.letterStatus === 'Draft' ? 'a draft' : 'in review'}.`}
            actions={
              <Button
                variant="default"
                onClick={() => {
                  showMatter(matter.matterId, 'letter');
                }}
              >
                Finalize it
              </Button>
            }
          >
            A file made now is for reading inside the firm; finalize the letter before it goes out.
          </Notice>
        )}
        <div className="row">
          <Button
            leftSection={<IconFileTypeDocx size={16} />}
            loading={create.busy}
            onClick={() => {
              void make('docx');
            }}
          >
            Export as Word (DOCX)
          </Button>
          <Button
            variant="default"
            leftSection={<IconFileTypePdf size={16} />}
            loading={create.busy}
            onClick={() => {
              void make('pdf');
            }}
          >
            Export as PDF
          </Button>
          {matter.letterStatus !== null && <span className="quiet">Status: {letterStatusWords[matter.letterStatus]}</span>}
        </div>
        {create.error && <ErrorNotice error={create.error} />}
      </section>
      <FinalizedVersions letterId={letterId} hostKind={hostKind} />
      <section className="stack">
        <h2>Export history</h2>
        <Loaded answer={exports} text="Reading the history">
          {(list) =>
            list.length === 0 ? (
              <p className="quiet">Nothing was exported yet.</p>
            ) : (
              <table className="grid">
                <thead>
                  <tr>
                    <th>File</th>
                    <th>Format</th>
                    <th className="number">Size</th>
                    <th>By</th>
                    <th>When</th>
                    <th>
                      <span className="sr-only">Open</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {list.map((made) => (
                    <ExportRow key={made.exportId} made={made} hostKind={hostKind} />
                  ))}
                </tbody>
              </table>
            )
          }
        </Loaded>
      </section>
    </div>
  );
}

function ExportRow({ made, hostKind }: { made: ExportView; hostKind: AppState['hostKind'] }) {
  const bridge = useBridge();
  const reveal = useCommand('export.reveal');
  const isHere = made.path !== null;
  return (
    <tr>
      <td title={made.path ?? undefined}>
        {made.fileName}
        {reveal.error && <ErrorNotice error={reveal.error} />}
      </td>
      <td>{made.format === 'docx' ? 'Word' : 'PDF'}</td>
      <td className="number">{sizeText(made.sizeBytes)}</td>
      <td>{made.exportedByName ?? <span className="quiet">—</span>}</td>
      <td>
        <MomentText at={made.exportedAt} />
      </td>
      <td className="nowrap">
        {!isHere && <span className="quiet">On a colleague’s computer</span>}
        {isHere && hostKind === 'electron' && (
          <button
            type="button"
            className="link"
            onClick={() => {
              void reveal.run({ exportId: made.exportId });
            }}
          >
            Show in folder
          </button>
        )}
        {isHere && hostKind !== 'electron' && (
          <button
            type="button"
            className="link"
            onClick={() => {
              void downloadExport(bridge, made.exportId);
            }}
          >
            Download
          </button>
        )}
      </td>
    </tr>
  );
}
