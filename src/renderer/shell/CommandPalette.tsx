import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/spotlight/styles.css';
import type { MantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconBriefcase, IconFileSearch, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useCall, useCommand } from '../client.ts';
import { showActivity, showMatter, showMatters, showSettings, showSync, showTemplates, useRoute } from '../route.ts';
import { narrow } from './palette-order.ts';

interface CommandPaletteProps {
  /** Grows each time the palette is asked for. */
  wanted: number;
  onSignOut: () => void;
  onAppearance: (scheme: MantineColorScheme) => void;
  /** Looks for words in the pages. */
  onFind: (words: string) => void;
}

const [paletteStore, palette] = createSpotlight();
const mostNamed = 12;

/** Ctrl/Cmd-K: every matter and every command by name. */
export function CommandPalette({ wanted, onSignOut, onAppearance, onFind }: CommandPaletteProps) {
  const matters = useCall('matters.list', {});
  const syncNow = useCommand('sync.now');
  const { matterId } = useRoute();
  const [query, setQuery] = useState('');
  useEffect(() => {
    palette.open();
  }, [wanted]);

  const found: SpotlightActionData[] = (matters.data ?? []).map((matter) => ({
    id: matter.matterId,
    label: matter.title,
    description: [matter.clientName, matter.defendantName].filter((name) => name !== null).join(' v. '),
    leftSection: <IconBriefcase size={16} stroke={1.6} />,
    onClick: () => {
      showMatter(matter.matterId, matter.letterId ? 'letter' : 'evidence');
    },
  }));
  const here: SpotlightActionData[] = matterId
    ? (
        [
          ['evidence', 'Evidence'],
          ['facts', 'Facts'],
          ['letter', 'Letter'],
          ['package', 'Package'],
        ] as const
      ).map(([tab, label]) => ({
        id: tab,
        label: `Go to ${label}`,
        onClick: () => {
          showMatter(matterId, tab);
        },
      }))
    : [];
  const commands: SpotlightActionData[] = [
    ...here,
    { id: 'matters', label: 'Go to all matters', onClick: showMatters },
    {
      id: 'inbox',
      label: 'Go to the sync page and its inbox',
      keywords: ['conflicts', 'proposals', 'refused', 'waiting'],
      onClick: () => {
        showSync();
      },
    },
    { id: 'activity', label: 'Go to activity', keywords: ['accuracy', 'cost', 'metrics'], onClick: showActivity },
    {
      id: 'templates',
      label: 'Go to templates',
      keywords: ['library', 'template', 'sections', 'variables'],
      onClick: () => {
        showTemplates();
      },
    },
    { id: 'settings', label: 'Go to settings', keywords: ['assistant', 'privacy', 'key', 'model'], onClick: showSettings },
    {
      id: 'sync',
      label: 'Sync now',
      onClick: () => {
        void syncNow.run({});
      },
    },
    {
      id: 'light',
      label: 'Appearance: light',
      onClick: () => {
        onAppearance('light');
      },
    },
    {
      id: 'dark',
      label: 'Appearance: dark',
      onClick: () => {
        onAppearance('dark');
      },
    },
    {
      id: 'auto',
      label: 'Appearance: as the system',
      onClick: () => {
        onAppearance('auto');
      },
    },
    { id: 'signOut', label: 'Sign out', onClick: onSignOut },
  ];
  const words = query.trim();
  const findInPages: SpotlightActionData = {
    id: 'find',
    label: words === '' ? 'Find words in pages' : `Find “${words}” in pages`,
    leftSection: <IconFileSearch size={16} stroke={1.6} />,
    onClick: () => {
      onFind(words);
    },
  };
  // always there and always last, so that Enter takes what goes by the name that was typed
  const groups: SpotlightActionGroupData[] = [
    ...narrow(
      [
        { group: 'Matters', actions: found },
        { group: 'Commands', actions: commands },
      ],
      query,
      mostNamed,
    ),
    { group: 'Pages', actions: [findInPages] },
  ];

  return (
    <Spotlight
      store={paletteStore}
      actions={groups}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      filter={(_, actions) => actions}
      highlightQuery
      scrollable
      maxHeight={420}
      transitionProps={{ duration: 80 }}
      searchProps={{
        leftSection: <IconSearch size={16} />,
        placeholder: 'Find a matter, words in pages or a command',
        'aria-label': 'Find a matter, words in pages or a command',
      }}
    />
  );
}
