import { ActionIcon, Tooltip, useMantineColorScheme } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconBriefcase, IconDeviceDesktop, IconLogout, IconMoon, IconSearch, IconSun, IconX } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { SessionView } from '../../shared/session.ts';
import type { AppState } from '../../shared/setup.ts';
import { useCommand } from '../client.ts';
import { MatterScreen } from '../matters/MatterScreen.tsx';
import { MattersScreen } from '../matters/MattersScreen.tsx';
import { showMatters, useRoute } from '../route.ts';
import { sentenceOf, tell } from '../ui/undo.tsx';
import { saveEverything } from '../unsaved.ts';
import { StatusBar } from './StatusBar.tsx';
import './shell.css';

const CommandPalette = lazy(() => import('./CommandPalette.tsx').then((module) => ({ default: module.CommandPalette })));
const isMac = navigator.userAgent.includes('Mac');

/** The window once somebody is signed in: rail, the screen in front, status bar. */
export function Shell({ app, session }: { app: AppState; session: SessionView }) {
  const route = useRoute();
  const [paletteWanted, setPaletteWanted] = useState(0);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useCommand('session.signOut');
  const openPalette = () => {
    setPaletteWanted((times) => times + 1);
  };
  useHotkeys([['mod+K', openPalette]], [], true);

  const leave = async () => {
    if (!(await saveEverything())) {
      tell('Your last words in the letter are not saved yet. Wait until the letter says Saved, then sign out.');
      return;
    }
    const left = await signOut.run({});
    if (left.ok) showMatters();
    else tell(sentenceOf(left.error));
  };
  const nextScheme = colorScheme === 'auto' ? 'light' : colorScheme === 'light' ? 'dark' : 'auto';
  const schemeWords = { auto: 'Appearance: as the system', light: 'Appearance: light', dark: 'Appearance: dark' }[colorScheme];

  return (
    <div className="shell">
      <nav className="rail" aria-label="Main">
        <button
          type="button"
          className="rail-entry"
          aria-current={route.matterId === null ? 'page' : undefined}
          data-on={true}
          onClick={showMatters}
        >
          <IconBriefcase size={20} stroke={1.6} aria-hidden />
          Matters
        </button>
        <span className="push-down" />
        <RailAction label={`Find or do (${isMac ? '⌘' : 'Ctrl '}K)`} onClick={openPalette}>
          <IconSearch size={18} stroke={1.6} />
        </RailAction>
        <RailAction
          label={schemeWords}
          onClick={() => {
            setColorScheme(nextScheme);
          }}
        >
          {colorScheme === 'auto' ? (
            <IconDeviceDesktop size={18} stroke={1.6} />
          ) : colorScheme === 'light' ? (
            <IconSun size={18} stroke={1.6} />
          ) : (
            <IconMoon size={18} stroke={1.6} />
          )}
        </RailAction>
        <RailAction
          label="Sign out"
          onClick={() => {
            void leave();
          }}
        >
          <IconLogout size={18} stroke={1.6} />
        </RailAction>
      </nav>
      <main className="stage">
        <Warnings warnings={app.warnings} />
        {route.matterId === null ? <MattersScreen app={app} /> : <MatterScreen key={route.matterId} matterId={route.matterId} app={app} />}
      </main>
      <StatusBar session={session} />
      {paletteWanted > 0 && (
        <Suspense fallback={null}>
          <CommandPalette
            wanted={paletteWanted}
            onSignOut={() => {
              void leave();
            }}
            onAppearance={setColorScheme}
          />
        </Suspense>
      )}
    </div>
  );
}

function RailAction({ label, onClick, children }: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={label} position="right">
      <ActionIcon aria-label={label} size={32} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Good to know, such as a missing keychain: quiet, and gone for this window once read. */
function Warnings({ warnings }: { warnings: string[] }) {
  const [read, setRead] = useState<readonly string[]>([]);
  const unread = warnings.filter((warning) => !read.includes(warning));
  return unread.map((warning) => (
    <div key={warning} className="warning-line" role="status">
      <span>{warning}</span>
      <ActionIcon
        size={20}
        aria-label="Dismiss"
        className="push"
        onClick={() => {
          setRead([...read, warning]);
        }}
      >
        <IconX size={14} />
      </ActionIcon>
    </div>
  ));
}
