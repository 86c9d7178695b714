import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryCache, QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Bridge } from '../shared/ipc/bridge.ts';
import { BridgeContext, CallFailed, useCall } from './client.ts';
import { useLine, type Line } from './line.ts';
import { refreshOnEvents } from './refresh.ts';
import { SignInScreen } from './session/SignInScreen.tsx';
import { SetupScreen } from './setup/SetupScreen.tsx';
import { Shell } from './shell/Shell.tsx';
import { Loaded } from './ui/states.tsx';
import { Notice } from './ui/Notice.tsx';
import { cssVariables, theme } from './ui/theme.ts';
import { forgetTold } from './ui/undo.tsx';

function createQueries(): QueryClient {
  // 'always': core is on this machine, so the browser's idea of being online says nothing about it.
  const defaults = { networkMode: 'always', retry: false, refetchOnWindowFocus: false, staleTime: 60_000 } as const;
  const queries: QueryClient = new QueryClient({
    defaultOptions: { queries: defaults },
    queryCache: new QueryCache({
      // A session that ended elsewhere shows as a refused read: ask core where we stand, and the sign-in screen comes by itself.
      onError: (error) => {
        if (error instanceof CallFailed && error.error.code === 'unauthenticated')
          void queries.invalidateQueries({ queryKey: ['setup.state'] });
      },
    }),
  });
  return queries;
}

export function App({ bridge, line }: { bridge: Bridge | null; line: Line }) {
  const [queries] = useState(createQueries);
  useEffect(() => (bridge ? refreshOnEvents(bridge, queries) : undefined), [bridge, queries]);
  useEffect(() => {
    let connected = true;
    return line.subscribe(() => {
      // Events may have been missed while the line was down: read everything on screen again.
      if (!connected && line.state().connected) void queries.invalidateQueries();
      connected = line.state().connected;
    });
  }, [line, queries]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} transitionDuration={120} />
      {bridge ? (
        <QueryClientProvider client={queries}>
          <BridgeContext value={bridge}>
            <LineBanner line={line} />
            <Screen />
          </BridgeContext>
        </QueryClientProvider>
      ) : (
        <main style={{ maxWidth: 520, margin: '15vh auto', padding: 24 }}>
          <Notice tone="ask" title="This tab does not know its Steno.">
            Open the address that Steno printed when it started; it holds the key for this run.
          </Notice>
        </main>
      )}
    </MantineProvider>
  );
}

/** Which screen: first run, sign-in, or the work itself. */
function Screen() {
  const state = useCall('setup.state', {});
  const queries = useQueryClient();
  const userId = state.data?.session?.account.userId;
  // What one person read is not shown to the next who signs in at this window.
  useEffect(
    () => () => {
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'setup.state' });
      if (userId !== undefined) forgetTold();
    },
    [queries, userId],
  );
  return (
    <Loaded answer={state} text="Opening Steno">
      {(app) => {
        if (app.session) return <Shell key={app.session.account.userId} app={app} session={app.session} />;
        return app.connection ? <SignInScreen app={app} connection={app.connection} /> : <SetupScreen app={app} />;
      }}
    </Loaded>
  );
}

function LineBanner({ line }: { line: Line }) {
  const { connected, failures } = useLine(line);
  if (connected) return null;
  return (
    <div className="line-banner" role="status">
      {failures > 4
        ? 'Steno is not running. Start it again and open the address it prints; what was saved is safe.'
        : 'The Steno core stopped answering. Trying to reach it again…'}
    </div>
  );
}
