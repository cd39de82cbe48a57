import { CircleHelp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Hint } from '../components/hint.tsx';
import { screens, type ScreenEntry } from './screens.ts';
import { useActions, useShell } from './services.tsx';

export function Rail() {
  const { openSheet } = useActions();
  return (
    <nav className="rail" aria-label="Main">
      <Logo />
      <ScreenItems place="top" />
      <span className="spacer" />
      <RailItem label="Keys" hint="Keyboard shortcuts · ?" onPress={() => openSheet('shortcuts')}>
        <CircleHelp size={19} strokeWidth={1.8} aria-hidden />
      </RailItem>
      <ScreenItems place="foot" />
    </nav>
  );
}

function ScreenItems({ place }: { place: ScreenEntry['place'] }) {
  const current = useShell((state) => state.screen);
  const { go } = useActions();
  return screens
    .filter((entry) => entry.place === place)
    .map(({ id, label, key, icon: Icon }) => (
      <RailItem
        key={id}
        label={label}
        hint={`${label} · G ${key.toUpperCase()}`}
        current={id === current}
        onPress={() => go(id)}
      >
        <Icon size={19} strokeWidth={1.8} aria-hidden />
      </RailItem>
    ));
}

function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" role="img" aria-label="AI Studio Monitor">
      <path d="M5 19h5l3-9 5 14 3-8.5h6" />
    </svg>
  );
}

interface RailItemProps {
  readonly label: string;
  readonly hint: string;
  readonly current?: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

function RailItem({ label, hint, current = false, onPress, children }: RailItemProps) {
  return (
    <Hint text={hint} placement="right">
      <Button
        className={current ? 'rail-item current' : 'rail-item'}
        {...(current ? { 'aria-current': 'page' as const } : {})}
        onPress={onPress}
      >
        {children}
        <span>{label}</span>
      </Button>
    </Hint>
  );
}
