import { Button, TextInput } from '@mantine/core';
import { useRef, useState, type SubmitEvent } from 'react';
import type { LetterId, VersionId } from '../../shared/ids.ts';
import type { VersionView } from '../../shared/versions.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { tell } from '../ui/undo.tsx';
import { MomentText } from '../ui/values.tsx';
import type { UpdateQueue } from './update-queue.ts';
import { versionTitle, type Compared } from './version-words.ts';
import './versions.css';

interface VersionsProps {
  letterId: LetterId;
  saving: UpdateQueue;
  /** What is shown in the place of the letter now. */
  compared: Compared | null;
  onCompare: (compared: Compared) => void;
}

/** The letter as it stood: who kept it, when and why; two of them, or one and now, side by side in the middle; any of them brought back. */
export function Versions(props: VersionsProps) {
  const versions = useCall('letters.versions', { letterId: props.letterId });
  return (
    <Loaded answer={versions} text="Reading the versions">
      {(view) => <VersionList {...props} versions={view.versions} mayKeep={view.readOnlyReason === null} />}
    </Loaded>
  );
}

function VersionList({
  letterId,
  saving,
  compared,
  onCompare,
  versions,
  mayKeep,
}: VersionsProps & { versions: VersionView[]; mayKeep: boolean }) {
  const [chosen, setChosen] = useState<VersionId[]>([]);
  const restore = useCommand('letters.restoreVersion');
  const bringBack = async (version: VersionView) => {
    if (!(await saving.flush())) return;
    const restored = await restore.run({ letterId, versionId: version.versionId });
    if (!restored.ok) return;
    tell(
      restored.value.isRestored
        ? `Restored: ${versionTitle(version)}. What the letter said before is kept as a version.`
        : 'The letter says that already.',
    );
  };
  const choose = (versionId: VersionId, isChosen: boolean) => {
    setChosen((before) => (isChosen ? [...before.slice(-1), versionId] : before.filter((id) => id !== versionId)));
  };
  const compareChosen = () => {
    // the older one first, whichever was chosen first
    const [newer, older] = versions.filter(({ versionId }) => chosen.includes(versionId));
    if (older && newer) onCompare({ from: older.versionId, to: newer.versionId });
  };
  return (
    <div className="stack versions">
      {mayKeep && <SaveVersion letterId={letterId} saving={saving} />}
      {restore.error && <ErrorNotice error={restore.error} />}
      {versions.length === 0 ? (
        <p className="quiet">
          No versions yet. One is kept by itself whenever a colleague or another day’s work begins, at review, and when the letter is
          finalized.
        </p>
      ) : (
        <>
          {versions.length > 1 && (
            <Button variant="default" disabled={chosen.length !== 2} onClick={compareChosen}>
              {chosen.length === 2 ? 'Compare the two' : 'Choose two to compare'}
            </Button>
          )}
          <ol className="version-list" aria-label="Versions">
            {versions.map((version) => (
              <VersionItem
                key={version.versionId}
                version={version}
                isShown={compared?.from === version.versionId || compared?.to === version.versionId}
                isChosen={chosen.includes(version.versionId)}
                mayChoose={versions.length > 1}
                mayRestore={mayKeep}
                isBusy={restore.busy}
                onChoose={(isChosen) => {
                  choose(version.versionId, isChosen);
                }}
                onCompare={() => {
                  onCompare({ from: version.versionId, to: null });
                }}
                onRestore={() => {
                  void bringBack(version);
                }}
              />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

interface ItemProps {
  version: VersionView;
  isShown: boolean;
  isChosen: boolean;
  mayChoose: boolean;
  mayRestore: boolean;
  isBusy: boolean;
  onChoose: (isChosen: boolean) => void;
  onCompare: () => void;
  onRestore: () => void;
}

function VersionItem({ version, isShown, isChosen, mayChoose, mayRestore, isBusy, onChoose, onCompare, onRestore }: ItemProps) {
  const title = versionTitle(version);
  return (
    <li aria-current={isShown || undefined}>
      <div className="version-head">
        <strong>{title}</strong>
        {mayChoose && (
          <input
            type="checkbox"
            className="push"
            aria-label={`Choose to compare: ${title}`}
            checked={isChosen}
            onChange={(event) => {
              onChoose(event.currentTarget.checked);
            }}
          />
        )}
      </div>
      {version.name !== null && version.why !== '' && <p>{version.why}</p>}
      <p className="quiet">
        {version.number === null ? 'Not at the firm yet' : `Version ${String(version.number)}`}
        {version.byName !== null && `, ${version.byName}`}
        {version.at !== null && (
          <>
            , <MomentText at={version.at} />
          </>
        )}
      </p>
      {version.isMajor && <span className="tag tag-done">Major: stays as it was finalized</span>}
      <div className="row">
        <button type="button" className="link" aria-label={`Compare with now: ${title}`} onClick={onCompare}>
          Compare with now
        </button>
        {mayRestore && (
          <button type="button" className="link" aria-label={`Restore: ${title}`} disabled={isBusy} onClick={onRestore}>
            Restore
          </button>
        )}
      </div>
    </li>
  );
}

function SaveVersion({ letterId, saving }: { letterId: LetterId; saving: UpdateQueue }) {
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState('');
  const [why, setWhy] = useState('');
  const opener = useRef<HTMLButtonElement>(null);
  const save = useCommand('letters.saveVersion');
  const close = () => {
    setIsOpen(false);
    setName('');
    setWhy('');
    requestAnimationFrame(() => opener.current?.focus());
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() === '' || !(await saving.flush())) return;
    const saved = await save.run({ letterId, name: name.trim(), why: why.trim() });
    if (!saved.ok) return;
    tell(`Saved as “${name.trim()}”.`);
    close();
  };
  if (!isOpen)
    return (
      <Button
        ref={opener}
        variant="default"
        onClick={() => {
          setIsOpen(true);
        }}
      >
        Save a version…
      </Button>
    );
  return (
    <form
      className="stack"
      aria-label="Save a version"
      onSubmit={(event) => {
        void submit(event);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <TextInput
        autoFocus
        label="Name"
        placeholder="Before the client’s call"
        maxLength={200}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <TextInput
        label="Why (may be left empty)"
        maxLength={2000}
        value={why}
        onChange={(event) => {
          setWhy(event.currentTarget.value);
        }}
      />
      <div className="row">
        <Button type="submit" loading={save.busy} disabled={name.trim() === ''}>
          Save
        </Button>
        <Button variant="subtle" color="gray" onClick={close}>
          Cancel
        </Button>
      </div>
      {save.error && <ErrorNotice error={save.error} />}
    </form>
  );
}
