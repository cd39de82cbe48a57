import { AlertBell } from '../views/alerts/alert-bell.tsx';
import { headerParts } from './header-parts.ts';
import { LiveBounds } from './live-bounds.tsx';
import { LiveSwitch } from './live-switch.tsx';
import { RangeBar } from './range-bar.tsx';
import { screens } from './screens.ts';
import { useShell } from './services.tsx';
import { useSource } from './use-source.ts';

/** Screen title, and where it speaks of calls: the true bounds of what is shown with their zone, the period controls, the live switch. The bell is on every screen. */
export function Header() {
  const screen = useShell((state) => state.screen);
  const { period, compares } = headerParts(screen);
  const entry = screens.find(({ id }) => id === screen);
  return (
    <header className="header">
      <h1>{entry?.label}</h1>
      {period ? compares ? <OverviewControls /> : <RangeBar /> : null}
      {screen === 'live' ? (
        <>
          <LiveBounds />
          <LiveSwitch />
        </>
      ) : null}
      <AlertBell />
    </header>
  );
}

/** What Snowflake holds comes in batches, so there is nothing live to pause about the fleet. */
function OverviewControls() {
  const { source } = useSource();
  return (
    <>
      <RangeBar />
      {source === 'snowflake' ? null : <LiveSwitch />}
    </>
  );
}
