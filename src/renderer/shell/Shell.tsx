import { ActionIcon, Tooltip, useMantineColorScheme } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import {
  IconBriefcase,
  IconChartBar,
  IconDeviceDesktop,
  IconFileSearch,
  IconFileText,
  IconLogout,
  IconMoon,
  IconRefresh,
  IconSearch,
  IconSettings,
  IconSun,
  IconX,
} from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { SessionView } from '../../shared/session.ts';
import type { AppState } from '../../shared/setup.ts';
import { useCall } from '../client.ts';
import { MatterScreen } from '../matters/MatterScreen.tsx';
import { MattersScreen } from '../matters/MattersScreen.tsx';
import { AttendantContext, useNewAttendant } from '../presence/context.ts';
import { useLeave } from '../session/leave.ts';
import { NoRecovery } from '../session/NoRecovery.tsx';
import { showActivity, showMatters, showSettings, showSync, showTemplates, useRoute } from '../route.ts';
import { Tidings } from '../sync/Tidings.tsx';
import { needsYou } from '../sync/words.ts';
import { useKeys } from '../ui/keys.ts';
import { Waiting } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { StatusBar } from './StatusBar.tsx';
import './shell.css';

const SyncScreen = lazy(() => import('../sync/SyncScreen.tsx').then((module) => ({ default: module.SyncScreen })));
const ActivityScreen = lazy(() => import('../activity/ActivityScreen.tsx').then((module) => ({ default: module.ActivityScreen })));
const SettingsScreen = lazy(() => import('../settings/SettingsScreen.tsx').then((module) => ({ default: module.SettingsScreen })));
const TemplatesScreen = lazy(() => import('../templates/TemplatesScreen.tsx').then((module) => ({ default: module.TemplatesScreen })));
const FindPanel = lazy(() => import('../find/FindPanel.tsx').then((module) => ({ default: module.FindPanel })));
const CommandPalette = lazy(() => import('./CommandPalette.tsx').then((module) => ({ default: module.CommandPalette })));
const isMac = navigator.userAgent.includes('Mac');

/** The window once somebody is signed in, and what it tells of who sits before it. */
export function Shell({ app, session }: { app: AppState; session: SessionView }) {
  const attendant = useNewAttendant();
  return (
    <AttendantContext value={attendant}>
      <Desk app={app} session={session} />
    </AttendantContext>
  );
}

/** Rail, the screen in front, status bar. */
function Desk({ app, session }: { app: AppState; session: SessionView }) {
  const route = useRoute();
  const isSync = route.screen === 'sync' && route.matterId === null;
  const isActivity = route.screen === 'activity' && route.matterId === null;
  const isSettings = route.screen === 'settings' && route.matterId === null;
  const isTemplates = route.screen === 'templates' && route.matterId === null;
  const [paletteWanted, setPaletteWanted] = useState(0);
  const [find, setFind] = useState({ wanted: 0, isOpen: false, typed: '', begun: 0 });
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useLeave();
  const openPalette = () => {
    setPaletteWanted((times) => times + 1);
  };
  const openFind = (typed = '') => {
    // with other words it begins anew, without any it is as it was left
    setFind((now) => ({
      wanted: now.wanted + 1,
      isOpen: true,
      typed: typed === '' ? now.typed : typed,
      begun: now.begun + (typed === '' ? 0 : 1),
    }));
  };
  const closeFind = () => {
    setFind((now) => ({ ...now, isOpen: false }));
  };
  useHotkeys(
    [
      ['mod+K', openPalette],
      [
        'mod+shift+F',
        () => {
          openFind();
        },
      ],
    ],
    [],
    true,
  );
  // among matters the same key filters them
  useKeys(
    route.matterId === null
      ? {}
      : {
          '/': () => {
            openFind();
          },
        },
  );

  const isMatters = !isSync && !isActivity && !isSettings && !isTemplates;
  const nextScheme = colorScheme === 'auto' ? 'light' : colorScheme === 'light' ? 'dark' : 'auto';
  const schemeWords = { auto: 'Appearance: as the system', light: 'Appearance: light', dark: 'Appearance: dark' }[colorScheme];

  return (
    <div className="shell">
      <nav className="rail" aria-label="Main">
        <RailEntry label="Matters" isOn={isMatters} isHere={isMatters && route.matterId === null} onClick={showMatters}>
          <IconBriefcase size={20} stroke={1.6} aria-hidden />
        </RailEntry>
        <SyncEntry isOn={isSync} />
        <RailEntry
          label="Templates"
          isOn={isTemplates}
          isHere={isTemplates && route.templateId === null}
          onClick={() => {
            showTemplates();
          }}
        >
          <IconFileText size={20} stroke={1.6} aria-hidden />
        </RailEntry>
        <RailEntry label="Activity" isOn={isActivity} onClick={showActivity}>
          <IconChartBar size={20} stroke={1.6} aria-hidden />
        </RailEntry>
        <RailEntry label="Settings" isOn={isSettings} onClick={showSettings}>
          <IconSettings size={20} stroke={1.6} aria-hidden />
        </RailEntry>
        <span className="push-down" />
        <RailAction label={`Find or do (${isMac ? '⌘' : 'Ctrl '}K)`} onClick={openPalette}>
          <IconSearch size={18} stroke={1.6} />
        </RailAction>
        <RailAction
          label={`Find in pages (${isMac ? '⌘⇧' : 'Ctrl Shift '}F)`}
          onClick={() => {
            openFind();
          }}
        >
          <IconFileSearch size={18} stroke={1.6} />
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
        {session.warnsOfNoRecovery && <NoRecovery />}
        {isSync ? (
          <Suspense fallback={<Waiting text="Opening the inbox" />}>
            <SyncScreen />
          </Suspense>
        ) : isActivity ? (
          <Suspense fallback={<Waiting text="Counting" />}>
            <ActivityScreen />
          </Suspense>
        ) : isTemplates ? (
          <Suspense fallback={<Waiting text="Opening the templates" />}>
            <TemplatesScreen templateId={route.templateId} />
          </Suspense>
        ) : isSettings ? (
          <Suspense fallback={<Waiting text="Opening the settings" />}>
            <SettingsScreen />
          </Suspense>
        ) : route.matterId === null ? (
          <MattersScreen app={app} />
        ) : (
          <MatterScreen key={route.matterId} matterId={route.matterId} app={app} />
        )}
      </main>
      <StatusBar session={session} />
      <Tidings />
      {paletteWanted > 0 && (
        <Suspense fallback={null}>
          <CommandPalette
            wanted={paletteWanted}
            onSignOut={() => {
              void leave();
            }}
            onAppearance={setColorScheme}
            onFind={openFind}
          />
        </Suspense>
      )}
      {find.wanted > 0 && (
        <Suspense fallback={null}>
          <FindPanel
            key={find.begun}
            isOpen={find.isOpen}
            wanted={find.wanted}
            typed={find.typed}
            matterId={route.matterId}
            onClose={closeFind}
          />
        </Suspense>
      )}
    </div>
  );
}

function SyncEntry({ isOn }: { isOn: boolean }) {
  const { data: needs = 0 } = useCall('sync.status', {}, { select: needsYou });
  return (
    <RailEntry
      label="Sync"
      isOn={isOn}
      onClick={() => {
        showSync();
      }}
      badge={
        needs > 0 && (
          <span className="rail-count" aria-label={count(needs, 'thing needs you', 'things need you')}>
            {needs > 99 ? '99+' : needs}
          </span>
        )
      }
    >
      <IconRefresh size={20} stroke={1.6} aria-hidden />
    </RailEntry>
  );
}

interface RailEntryProps {
  label: string;
  isOn: boolean;
  /** Whether it is this very page; where not said, as `isOn`. */
  isHere?: boolean;
  badge?: React.ReactNode;
  /** Its icon. */
  children: React.ReactNode;
  onClick: () => void;
}

function RailEntry({ label, isOn, isHere = isOn, badge, children, onClick }: RailEntryProps) {
  return (
    <button
      type="button"
      className="rail-entry"
      aria-current={isHere ? 'page' : undefined}
      data-on={isOn ? true : undefined}
      onClick={onClick}
    >
      {children}
      {label}
      {badge}
    </button>
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
