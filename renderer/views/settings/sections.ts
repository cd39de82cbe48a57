/** The parts of the settings. A new part is one entry here; navigation, address and title follow. */
import {
  Bell,
  CircleDollarSign,
  CloudUpload,
  FileSpreadsheet,
  Info,
  LifeBuoy,
  Network,
  Palette,
  RefreshCw,
  ShieldCheck,
  Split,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import type { ComponentType } from 'react';
import { About } from './about.tsx';
import { AlertsPage } from './alerts/alerts-page.tsx';
import { Appearance } from './appearance.tsx';
import { DataRetention } from './data-retention.tsx';
import { DiagnosticsPage } from './diagnostics/diagnostics-page.tsx';
import { GatewayPage } from './gateway/gateway-page.tsx';
import { PricesPage } from './prices/prices-page.tsx';
import { PrivacyPage } from './privacy/privacy-page.tsx';
import { ReportsPage } from './reports/reports-page.tsx';
import { SnowflakeSettingsPage } from './snowflake/snowflake-page.tsx';
import { UpdatesPage } from './updates/updates-page.tsx';
import { UpstreamsPage } from './upstreams/upstreams-page.tsx';

export interface SettingsSection {
  readonly id: string; // in the address: #/settings/<id>
  readonly label: string;
  readonly icon: LucideIcon;
  readonly view: ComponentType;
}

export const settingsSections: readonly SettingsSection[] = [
  { id: 'appearance', label: 'Appearance', icon: Palette, view: Appearance },
  { id: 'upstreams', label: 'Upstreams', icon: Split, view: UpstreamsPage },
  { id: 'gateway', label: 'Gateway', icon: Network, view: GatewayPage },
  { id: 'privacy', label: 'Privacy', icon: ShieldCheck, view: PrivacyPage },
  { id: 'prices', label: 'Prices', icon: CircleDollarSign, view: PricesPage },
  { id: 'alerts', label: 'Budgets & alerts', icon: Bell, view: AlertsPage },
  { id: 'snowflake', label: 'Snowflake', icon: CloudUpload, view: SnowflakeSettingsPage },
  { id: 'reports', label: 'Reports', icon: FileSpreadsheet, view: ReportsPage },
  { id: 'retention', label: 'Data & retention', icon: Trash2, view: DataRetention },
  { id: 'updates', label: 'Updates', icon: RefreshCw, view: UpdatesPage },
  { id: 'diagnostics', label: 'Diagnostics', icon: LifeBuoy, view: DiagnosticsPage },
  { id: 'about', label: 'About', icon: Info, view: About },
];
