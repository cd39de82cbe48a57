import { LiveSwitch } from './live-switch.tsx';
import { RangeBar } from './range-bar.tsx';
import { screens } from './screens.ts';
import { useShell } from './services.tsx';
import { LiveBounds } from './live-bounds.tsx';

/** Screen title, the true bounds of what is shown with their zone, the period controls, the live switch. */
export function Header() {
  const screen = useShell((state) => state.screen);
  const entry = screens.find(({ id }) => id === screen);
  return (
    <header className="header">
      <h1>{entry?.label}</h1>
      {screen === 'live' ? <LiveBounds /> : <RangeBar />}
      <LiveSwitch />
    </header>
  );
}
