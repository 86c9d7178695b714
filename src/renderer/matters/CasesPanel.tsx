import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconFolderOpen, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { CasesView } from '../../shared/matters.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { FolderPathForm } from './FolderPathForm.tsx';

/** The folders in which each new sub-folder is a new matter. */
export function CasesPanel({ onClose }: { onClose: () => void }) {
  const cases = useCall('cases.view', {});
  return (
    <section className="cases-panel" aria-label="Cases folders">
      <div className="row">
        <h2>Cases folders</h2>
        <Tooltip label="Close">
          <ActionIcon className="push" aria-label="Close the cases folders" onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      <p className="quiet">
        Choose the folder in which your case folders lie. Each new folder in it becomes a matter by itself, with the first file put into it.
        A folder that you rename stays the same matter.
      </p>
      <Loaded answer={cases} text="Reading the list of cases folders">
        {(view) => <FolderList view={view} />}
      </Loaded>
      <AddFolder />
    </section>
  );
}

function FolderList({ view: { folders } }: { view: CasesView }) {
  const remove = useCommand('cases.remove');
  if (folders.length === 0) return null;
  return (
    <>
      <ul className="cases-folders">
        {folders.map(({ folder, isReachable }) => (
          <li key={folder}>
            <IconFolderOpen size={16} aria-hidden />
            <code className="cut" title={folder}>
              {folder}
            </code>
            {!isReachable && <span className="tag tag-ask">cannot be reached</span>}
            <Button
              className="push"
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Stop making matters of ${folder}`}
              onClick={() => {
                void remove.run({ folder });
              }}
            >
              Stop
            </Button>
          </li>
        ))}
      </ul>
      {remove.error && <ErrorNotice error={remove.error} />}
    </>
  );
}

/** A folder is chosen or typed, then said what becomes of the folders that are in it now. */
function AddFolder() {
  const choose = useCommand('matters.chooseFolder');
  const [path, setPath] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const ask = async () => {
    const answer = await choose.run({});
    if (!answer.ok) return;
    if (answer.value.folder !== null) setPath(answer.value.folder);
    else if (!answer.value.available) setTyped('');
  };
  if (path !== null)
    return (
      <Confirm
        path={path}
        onDone={() => {
          setPath(null);
        }}
      />
    );
  if (typed === null)
    return (
      <div>
        <Button
          variant="default"
          size="compact-sm"
          loading={choose.busy}
          onClick={() => {
            void ask();
          }}
        >
          Add a cases folder
        </Button>
        {choose.error && <ErrorNotice error={choose.error} />}
      </div>
    );
  return (
    <FolderPathForm
      what="cases folder"
      action="Next"
      path={typed}
      onType={setTyped}
      onPath={(chosen) => {
        setPath(chosen);
        setTyped(null);
      }}
      onCancel={() => {
        setTyped(null);
      }}
    />
  );
}

function Confirm({ path, onDone }: { path: string; onDone: () => void }) {
  const counted = useCall('cases.count', { folder: path }, { freshOnMount: true });
  const add = useCommand('cases.add');
  const [withPresent, setWithPresent] = useState(false);
  const present = counted.data?.present ?? 0;
  const submit = async () => {
    if ((await add.run({ folder: path, withPresent })).ok) onDone();
  };
  return (
    <div className="cases-confirm">
      <code className="cut" title={path}>
        {path}
      </code>
      {present > 0 && (
        <label className="row">
          <input
            type="checkbox"
            checked={withPresent}
            onChange={(event) => {
              setWithPresent(event.currentTarget.checked);
            }}
          />
          {present === 1
            ? 'Make a matter of the folder that is in it now, too'
            : `Make matters of the ${count(present, 'folder')} in it now, too`}
        </label>
      )}
      {add.error && <ErrorNotice error={add.error} />}
      <div className="row wrap">
        <Button
          loading={add.busy || counted.isLoading}
          onClick={() => {
            void submit();
          }}
        >
          Make a matter of each new folder
        </Button>
        <Button variant="subtle" color="gray" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
