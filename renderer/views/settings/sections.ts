/** The parts of the settings. A new part is one entry here; navigation, address and title follow. */
import { CircleDollarSign, CloudUpload, FileSpreadsheet, Info, Palette, Trash2, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import { About } from './about.tsx';
import { Appearance } from './appearance.tsx';
import { DataRetention } from './data-retention.tsx';
import { PricesPage } from './prices/prices-page.tsx';
import { ReportsPage } from './reports/reports-page.tsx';
import { SnowflakeSettingsPage } from './snowflake/snowflake-page.tsx';

export interface SettingsSection {
  readonly id: string; // in the address: #/settings/<id>
  readonly label: string;
  readonly icon: LucideIcon;
  readonly view: ComponentType;
}

export const settingsSections: readonly SettingsSection[] = [
  { id: 'appearance', label: 'Appearance', icon: Palette, view: Appearance },
  { id: 'prices', label: 'Prices', icon: CircleDollarSign, view: PricesPage },
  { id: 'snowflake', label: 'Snowflake', icon: CloudUpload, view: SnowflakeSettingsPage },
  { id: 'reports', label: 'Reports', icon: FileSpreadsheet, view: ReportsPage },
  { id: 'retention', label: 'Data & retention', icon: Trash2, view: DataRetention },
  { id: 'about', label: 'About', icon: Info, view: About },
];
