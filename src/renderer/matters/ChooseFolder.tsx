import { Button } from '@mantine/core';
import { IconFolderPlus } from '@tabler/icons-react';
import type { AppState } from '../../shared/setup.ts';
import { mayWrite } from '../../shared/session.ts';
import { useCall, useCommand } from '../client.ts';
import { showMatter } from '../route.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { FolderPathForm } from './FolderPathForm.tsx';

export interface ChooseFolderProps {
  app: AppState;
  compact?: boolean;
  /** A path that is being typed; null: none is. Kept by whoever stays on the screen while what is around this comes and goes. */
  typed: string | null;
  onType: (path: string | null) => void;
}

/** Makes a matter of a case folder: by the system's dialog, by a typed path where there is none, or the demo's own folder. */
export function ChooseFolder({ app, compact = false, typed, onType }: ChooseFolderProps) {
  const choose = useCommand('matters.chooseFolder');
  const create = useCommand('matters.create');
  const matters = useCall('matters.list', {});
  const demoFolder = app.demo?.caseFolder ?? null;
  const demoTaken = matters.data?.some((matter) => matter.folderPath === demoFolder) ?? true;
  const role = app.session?.account.role;

  const createFrom = async (folder: string) => {
    const made = await create.run({ folder });
    if (!made.ok) return;
    onType(null);
    showMatter(made.value.matterId);
  };
  const ask = async () => {
    const answer = await choose.run({});
    if (!answer.ok) return;
    if (answer.value.folder !== null) await createFrom(answer.value.folder);
    else if (!answer.value.available) onType('');
  };

  if (role && !mayWrite(role)) return <p className="quiet">You may read here; a paralegal or attorney adds matters.</p>;
  const error = create.error ?? choose.error;
  return (
    <div className={compact ? 'choose choose-compact' : 'choose'}>
      {typed === null ? (
        <div className="row wrap">
          {demoFolder !== null && !demoTaken && (
            <Button
              variant={compact ? 'default' : 'filled'}
              loading={create.busy}
              onClick={() => {
                void createFrom(demoFolder);
              }}
            >
              Open the sample case
            </Button>
          )}
          <Button
            variant={demoFolder !== null && !demoTaken ? 'default' : 'filled'}
            leftSection={<IconFolderPlus size={16} />}
            loading={choose.busy}
            onClick={() => {
              void ask();
            }}
          >
            {compact ? 'New matter from folder' : 'Choose a case folder'}
          </Button>
        </div>
      ) : (
        <FolderPathForm
          what="case folder"
          action="Open"
          busy={create.busy}
          path={typed}
          onType={onType}
          onPath={(folder) => {
            void createFrom(folder);
          }}
          onCancel={() => {
            onType(null);
          }}
        />
      )}
      {error && <ErrorNotice error={error} />}
    </div>
  );
}
