import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconDots, IconFileText, IconPlus, IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useRef, useState } from 'react';
import type { AppError } from '../../shared/errors.ts';
import type { ImportedDocx } from '../../shared/template-import.ts';
import type { LibraryRow, LibraryView } from '../../shared/templates.ts';
import { useCall, useCommand } from '../client.ts';
import { showTemplates } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { sentenceOf, tell } from '../ui/undo.tsx';
import { count, MomentText } from '../ui/values.tsx';
import { ImportButton } from './ImportButton.tsx';
import { ImportScreen } from './ImportScreen.tsx';
import { NewTemplate } from './NewTemplate.tsx';
import { isMatch, stateWords } from './words.ts';

/** All templates by category: which is the default, who changed it last, how often it was used. */
export function LibraryScreen() {
  const library = useCall('templates.library', {});
  return (
    <Loaded answer={library} text="Reading the templates">
      {(view) => <Library view={view} />}
    </Loaded>
  );
}

function Library({ view: { templates, readOnlyReason } }: { view: LibraryView }) {
  const [filter, setFilter] = useState('');
  const [isMaking, setMaking] = useState(false);
  const [imported, setImported] = useState<{ fileName: string; read: ImportedDocx } | null>(null);
  const [importError, setImportError] = useState<AppError | null>(null);
  const deferred = useDeferredValue(filter);
  const search = useRef<HTMLInputElement>(null);
  const mayEdit = readOnlyReason === null;
  useKeys({
    '/': () => search.current?.focus(),
    ...(mayEdit && {
      n: () => {
        setMaking(true);
      },
    }),
  });
  const categories = [...new Set(templates.flatMap(({ category }) => category ?? []))];
  const shown = templates.filter((row) => isMatch(row, deferred));
  const groups = [...Map.groupBy(shown, ({ category }) => category ?? '')].sort(([a], [b]) =>
    a === '' ? 1 : b === '' ? -1 : a.localeCompare(b),
  );
  if (imported)
    return (
      <ImportScreen
        {...imported}
        categories={categories}
        onClose={() => {
          setImported(null);
        }}
      />
    );
  return (
    <>
      <header className="bar">
        <h1>Templates</h1>
        <TextInput
          ref={search}
          aria-label="Filter templates"
          placeholder="Filter by name, category, person   /"
          w={280}
          value={filter}
          leftSection={<IconSearch size={14} />}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
          }}
        />
        {mayEdit && (
          <span className="row wrap push">
            <ImportButton
              onRead={(fileName, read) => {
                setImported({ fileName, read });
              }}
              onError={setImportError}
            />
            <Button
              leftSection={<IconPlus size={14} />}
              title="New template (n)"
              onClick={() => {
                setMaking(true);
              }}
            >
              New template
            </Button>
          </span>
        )}
      </header>
      {readOnlyReason !== null && <p className="library-note quiet">{readOnlyReason}</p>}
      {importError && (
        <div className="library-note">
          <ErrorNotice error={importError} />
        </div>
      )}
      {isMaking && (
        <NewTemplate
          categories={categories}
          onClose={() => {
            setMaking(false);
          }}
        />
      )}
      {templates.length === 0 ? (
        <Empty icon={<IconFileText size={36} stroke={1.2} />} title="No templates here">
          <p>
            {mayEdit
              ? 'A template is what letters are drafted from. Make the first one, or sync: the firm’s may be on their way.'
              : 'The firm’s templates have not arrived on this computer yet. Sync, and they appear here.'}
          </p>
        </Empty>
      ) : shown.length === 0 ? (
        <Empty title="No template matches">
          <p>None of {count(templates.length, 'template')} has these words.</p>
        </Empty>
      ) : (
        <div className="scroll fill" tabIndex={0} role="region" aria-label="Library">
          <table className="grid library">
            <thead>
              <tr>
                <th>Template</th>
                <th>State</th>
                <th className="number">Version</th>
                <th>Last change</th>
                <th className="number">Letters</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            {groups.map(([category, rows]) => (
              <tbody key={category}>
                <tr className="library-group">
                  <th colSpan={6} scope="rowgroup">
                    {category === '' ? 'Without a category' : category}
                  </th>
                </tr>
                {rows.map((row) => (
                  <Row key={row.templateId} row={row} mayEdit={mayEdit} />
                ))}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </>
  );
}

function Row({ row, mayEdit }: { row: LibraryRow; mayEdit: boolean }) {
  const { templateId, name } = row;
  return (
    <tr data-retired={row.state === 'retired' || undefined}>
      <td>
        <div className="library-name">
          <button
            type="button"
            className="link"
            onClick={() => {
              showTemplates(templateId);
            }}
          >
            {name}
          </button>
          {row.isDefault && <span className="tag tag-done">Default</span>}
          {row.hasDraft && <span className="tag tag-ask">Your draft</span>}
          {row.alsoDrafting.length > 0 && <span className="tag">{row.alsoDrafting.join(', ')} drafting</span>}
        </div>
        {row.description !== '' && <p className="quiet library-description">{row.description}</p>}
      </td>
      <td className="nowrap">{stateWords[row.state]}</td>
      <td className="number">{row.number ?? '—'}</td>
      <td className="nowrap">
        {row.changedAt === null ? <span className="quiet">—</span> : <MomentText at={row.changedAt} />}
        {row.changedByName !== null && <span className="quiet"> {row.changedByName}</span>}
      </td>
      <td className="number">{row.letters}</td>
      <td>{mayEdit && <RowMenu row={row} />}</td>
    </tr>
  );
}

function RowMenu({ row }: { row: LibraryRow }) {
  const { templateId, name } = row;
  const setActive = useCommand('templates.setActive');
  const setDefault = useCommand('templates.setDefault');
  const create = useCommand('templates.create');
  const library = useCall('templates.library', {});
  const before = library.data?.templates.find((one) => one.isDefault && one.category === row.category);
  const activate = async (isActive: boolean) => {
    const done = await setActive.run({ templateId, isActive });
    if (!done.ok) tell(sentenceOf(done.error));
    else if (isActive) tell(`“${name}” is back.`);
    else
      tell(`“${name}” is retired: nobody drafts from it any more.`, () => {
        void setActive.run({ templateId, isActive: true });
      });
  };
  const makeDefault = async () => {
    const done = await setDefault.run({ templateId, isDefault: true });
    if (!done.ok) tell(sentenceOf(done.error));
    else
      tell(`“${name}” is the default of its category.`, () => {
        void (before
          ? setDefault.run({ templateId: before.templateId, isDefault: true })
          : setDefault.run({ templateId, isDefault: false }));
      });
  };
  const duplicate = async () => {
    for (const nth of ['', ' 2', ' 3', ' 4', ' 5']) {
      const made = await create.run({ name: `Copy${nth} of ${name}`.slice(0, 240), from: templateId });
      if (made.ok) {
        showTemplates(made.value.templateId);
        return;
      }
      if (made.error.code !== 'conflict') {
        tell(sentenceOf(made.error));
        return;
      }
    }
    tell('There are several copies of it already. Give one of them a name first.');
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`More for ${name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!row.isDefault && row.state === 'in_use' && row.category !== null && (
          <Menu.Item
            onClick={() => {
              void makeDefault();
            }}
          >
            Make default
          </Menu.Item>
        )}
        <Menu.Item
          onClick={() => {
            void duplicate();
          }}
        >
          Duplicate
        </Menu.Item>
        {row.state !== 'new' && (
          <Menu.Item
            onClick={() => {
              void activate(row.state === 'retired');
            }}
          >
            {row.state === 'retired' ? 'Bring back' : 'Retire'}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
