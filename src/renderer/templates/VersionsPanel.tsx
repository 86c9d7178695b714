import { Button } from '@mantine/core';
import { useState } from 'react';
import type { VersionId } from '../../shared/ids.ts';
import type { TemplateVersionView, TemplateView } from '../../shared/templates.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { tell } from '../ui/undo.tsx';
import { MomentText } from '../ui/values.tsx';
import type { Draft } from './use-draft.ts';
import { versionTitle } from './words.ts';
import '../letters/versions.css';

/** Two versions, the older first; or one and what this person has before her. */
export interface ComparedVersions {
  from: VersionId;
  to: VersionId | null;
}

interface VersionsPanelProps {
  template: TemplateView;
  mayEdit: boolean;
  draft: Draft;
  compared: ComparedVersions | null;
  onCompare: (compared: ComparedVersions) => Promise<void>;
  onRestored: () => void;
}

/** What the template said each time it was published: by whom and why; two of them side by side, any of them published again. */
export function VersionsPanel({ template, mayEdit, draft, compared, onCompare, onRestored }: VersionsPanelProps) {
  const { row, versions } = template;
  const [chosen, setChosen] = useState<VersionId[]>([]);
  const restore = useCommand('templates.restore');
  if (versions.length === 0)
    return <p className="quiet">No versions yet. Each time the template is published a version is kept, with who, when and why.</p>;
  const bringBack = async ({ versionId, number }: TemplateVersionView) => {
    // the draft stays a draft no longer: what is restored is published
    draft.forget();
    const restored = await restore.run({ templateId: row.templateId, versionId });
    if (!restored.ok) return;
    tell(restored.value.isRestored ? `Restored as a new version: ${versionTitle(number)}.` : 'The template says that already.');
    onRestored();
  };
  const pair = versions.filter(({ versionId }) => chosen.includes(versionId));
  return (
    <div className="stack versions">
      {restore.error && <ErrorNotice error={restore.error} />}
      {versions.length > 1 && (
        <Button
          variant="default"
          disabled={pair.length !== 2}
          onClick={() => {
            const [newer, older] = pair;
            if (newer && older) void onCompare({ from: older.versionId, to: newer.versionId });
          }}
        >
          {pair.length === 2 ? 'Compare the two' : 'Choose two to compare'}
        </Button>
      )}
      <ol className="version-list" aria-label="Versions of the template">
        {versions.map((version) => {
          const title = versionTitle(version.number);
          const { versionId } = version;
          return (
            <li key={versionId} aria-current={compared?.from === versionId || compared?.to === versionId || undefined}>
              <div className="version-head">
                <strong>{title}</strong>
                {versions.length > 1 && (
                  <input
                    type="checkbox"
                    className="push"
                    aria-label={`Choose to compare: ${title}`}
                    checked={chosen.includes(versionId)}
                    onChange={(event) => {
                      const isChosen = event.currentTarget.checked;
                      setChosen((before) => (isChosen ? [...before.slice(-1), versionId] : before.filter((id) => id !== versionId)));
                    }}
                  />
                )}
              </div>
              {version.why !== '' && <p>{version.why}</p>}
              <p className="quiet">
                {version.byName}
                {version.at !== null && (
                  <>
                    {version.byName === null ? '' : ', '}
                    <MomentText at={version.at} />
                  </>
                )}
              </p>
              {version.missed !== null && <span className="tag tag-ask">Written apart: version {version.missed} is not in it</span>}
              <div className="row">
                <button
                  type="button"
                  className="link"
                  aria-label={`Compare with what is here: ${title}`}
                  onClick={() => void onCompare({ from: versionId, to: null })}
                >
                  Compare with what is here
                </button>
                {mayEdit && (
                  <button
                    type="button"
                    className="link"
                    aria-label={`Restore: ${title}`}
                    disabled={restore.busy}
                    onClick={() => void bringBack(version)}
                  >
                    Restore
                  </button>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
