/** The screens of the navigation rail. A new screen is one entry here; the rail, the shortcuts and the titles follow. */
import {
  Activity,
  CircleDollarSign,
  Database,
  Gauge,
  LayoutDashboard,
  ListFilter,
  Settings as Cog,
  type LucideIcon,
} from 'lucide-react';
import type { ComponentType } from 'react';
import { Costs } from '../views/costs/costs.tsx';
import { Limits } from '../views/limits/limits.tsx';
import { Live } from '../views/live/live.tsx';
import { Overview } from '../views/overview/overview.tsx';
import { Requests } from '../views/requests/requests.tsx';
import { Settings } from '../views/settings/settings.tsx';
import { Storage } from '../views/storage/storage.tsx';
import type { Screen } from './address.ts';

export interface ScreenEntry {
  readonly id: Screen;
  readonly label: string;
  readonly key: string; // typed after G
  readonly icon: LucideIcon;
  readonly view: ComponentType;
  readonly place: 'top' | 'foot'; // of the rail
}

export const screens: readonly ScreenEntry[] = [
  { id: 'overview', label: 'Overview', key: 'o', icon: LayoutDashboard, view: Overview, place: 'top' },
  { id: 'live', label: 'Live', key: 'l', icon: Activity, view: Live, place: 'top' },
  { id: 'requests', label: 'Requests', key: 'r', icon: ListFilter, view: Requests, place: 'top' },
  { id: 'costs', label: 'Costs', key: 'c', icon: CircleDollarSign, view: Costs, place: 'top' },
  { id: 'limits', label: 'Limits & health', key: 'h', icon: Gauge, view: Limits, place: 'top' },
  { id: 'storage', label: 'Storage', key: 's', icon: Database, view: Storage, place: 'top' },
  { id: 'settings', label: 'Settings', key: ',', icon: Cog, view: Settings, place: 'foot' },
];
