import { type ComponentProps, useMemo } from 'react';
import { GuardedPart, GuardedScreen } from './components/fault.tsx';
import { LiveRegion } from './components/live-region.tsx';
import { Toasts } from './components/toasts.tsx';
import { formatExact, formatRate } from './format/numbers.ts';
import { Palette } from './palette/palette.tsx';
import { ExportTray } from './reports/export-tray.tsx';
import type { Screen } from './shell/address.ts';
import { FailureBanner } from './shell/failure-banner.tsx';
import { Header } from './shell/header.tsx';
import { LeaveDialog } from './shell/leave-dialog.tsx';
import { RecordingBanner } from './shell/recording-banner.tsx';
import { Rail } from './shell/rail.tsx';
import { screens } from './shell/screens.ts';
import { useLive, useShell } from './shell/services.tsx';
import { ShortcutSheet } from './shell/shortcut-sheet.tsx';
import { phaseWords } from './shell/status-words.ts';
import { StartNotes } from './shell/start-notes.tsx';
import { StatusStrip } from './shell/status-strip.tsx';
import { Unauthorized } from './shell/unauthorized.tsx';
import { useCommandListener, useKeyListener, useShellShortcuts } from './shell/use-shortcuts.ts';
import { useCostShortcuts } from './views/costs/use-cost-shortcuts.ts';
import { useOverviewShortcuts } from './views/overview/use-overview-shortcuts.ts';
import { useRequestShortcuts } from './views/requests/use-request-shortcuts.ts';
import { Onboarding } from './views/onboarding/onboarding.tsx';
import { useTailShortcuts } from './views/live/use-tail-shortcuts.ts';

export function App() {
  const unauthorized = useShell((state) => state.unauthorized);
  return unauthorized ? <Unauthorized /> : <Desk />;
}

function Desk() {
  const screen = useShell((state) => state.screen);
  const firstSteps = useShell((state) => state.firstSteps !== null);
  const shellShortcuts = useShellShortcuts();
  const overviewShortcuts = useOverviewShortcuts();
  const costShortcuts = useCostShortcuts();
  const tailShortcuts = useTailShortcuts();
  const requestShortcuts = useRequestShortcuts();
  const shortcuts = useMemo(() => {
    const all = [...shellShortcuts, ...overviewShortcuts, ...costShortcuts, ...tailShortcuts, ...requestShortcuts];
    return firstSteps ? all.filter(({ scope }) => scope === 'everywhere') : all;
  }, [firstSteps, shellShortcuts, overviewShortcuts, costShortcuts, tailShortcuts, requestShortcuts]);
  useKeyListener(shortcuts);
  useCommandListener(shortcuts);
  return (
    <div className={firstSteps ? 'desk without-rail' : 'desk'}>
      {firstSteps ? null : <Rail />}
      <div className="stage">
        {firstSteps ? <FirstSteps /> : <OpenScreen screen={screen} />}
        <GuardedPart>
          <StatusStrip />
        </GuardedPart>
      </div>
      <Overlays shortcuts={shortcuts} />
    </div>
  );
}

/** What lies over the screen, or is only heard. */
function Overlays({ shortcuts }: { shortcuts: ComponentProps<typeof ShortcutSheet>['shortcuts'] }) {
  const sheet = useShell((state) => state.sheet);
  return (
    <>
      <GuardedPart resetKey={sheet}>
        {sheet === 'shortcuts' ? <ShortcutSheet shortcuts={shortcuts} /> : null}
        {sheet === 'palette' ? <Palette /> : null}
        <LeaveDialog />
      </GuardedPart>
      <div className="messages">
        <GuardedPart>
          <ExportTray />
          <Toasts />
        </GuardedPart>
      </div>
      <div className="visually-hidden">
        <GuardedPart>
          <Announcement />
        </GuardedPart>
      </div>
    </>
  );
}

const FirstSteps = () => (
  <GuardedScreen>
    <Onboarding />
  </GuardedScreen>
);

function OpenScreen({ screen }: { screen: Screen }) {
  const View = screens.find(({ id }) => id === screen)?.view;
  return (
    <>
      <GuardedPart resetKey={screen}>
        <Header />
        <FailureBanner />
        <StartNotes />
        <RecordingBanner />
      </GuardedPart>
      <main className="view" key={screen}>
        <GuardedScreen>{View === undefined ? null : <View />}</GuardedScreen>
      </main>
    </>
  );
}

function Announcement() {
  const phase = useShell((state) => state.status?.phase ?? 'starting');
  const inFlight = useLive((state) => state.inFlight);
  const rate = useLive((state) => state.callsPerSecond);
  const text = `Gateway ${phaseWords(phase).label.toLowerCase()}, ${formatRate(rate)} calls per second, ${formatExact(inFlight)} in flight`;
  return <LiveRegion text={text} />;
}
