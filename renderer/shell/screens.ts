/** The screens of the navigation rail. A new screen is one entry here; the rail, the shortcuts and the titles follow. */
import { Activity, LayoutDashboard, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import { Live } from '../views/live/live.tsx';
import { Overview } from '../views/overview/overview.tsx';
import type { Screen } from './shell-state.ts';

export interface ScreenEntry {
  readonly id: Screen;
  readonly label: string;
  readonly key: string; // typed after G
  readonly icon: LucideIcon;
  readonly view: ComponentType;
}

export const screens: readonly ScreenEntry[] = [
  { id: 'overview', label: 'Overview', key: 'o', icon: LayoutDashboard, view: Overview },
  { id: 'live', label: 'Live', key: 'l', icon: Activity, view: Live },
];
