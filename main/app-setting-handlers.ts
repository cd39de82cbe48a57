import type { appSettingAsks, Diagnostics, PageError } from '../contract/app-settings.ts';
import type { ExportResult } from '../contract/reports.ts';
import type { MainHandlers } from './answer.ts';
import type { GatewayControl } from './gateway-control.ts';
import { findFreePort } from './gateway-exit.ts';
import type { LoginItemSetting } from './login-item.ts';
import type { Updates } from './updates/updates.ts';
import { testUpstream } from './upstream-test.ts';

export interface AppSettings {
  readonly gateway: Pick<GatewayControl, 'settings' | 'saveSettings'>;
  readonly updates: Pick<Updates, 'state' | 'saveMode' | 'check' | 'install'>;
  readonly loginItem: LoginItemSetting;
  readonly diagnostics: () => Promise<Diagnostics>;
  readonly saveDiagnostics: (text: Diagnostics) => Promise<ExportResult>;
  readonly openDashboard: () => Promise<void>;
  readonly openDataFolder: () => Promise<void>;
  readonly startNotes: () => Promise<string[]>;
  readonly reportPageError: (error: PageError) => void;
}

type AppSettingHandlers = Pick<MainHandlers, keyof typeof appSettingAsks>;

/** What only the installed app can set. */
export function createAppSettingHandlers(parts: AppSettings): AppSettingHandlers {
  const { gateway, updates, loginItem } = parts;
  return {
    gatewaySettings: async () => gateway.settings(),
    // A change goes on when the page is closed: half a one would help nobody.
    async saveGatewaySettings(settings) {
      await gateway.saveSettings(settings);
      return gateway.settings();
    },
    freePort: ({ port }) => findFreePort(port),
    openDashboard: () => parts.openDashboard(),
    openDataFolder: () => parts.openDataFolder(),
    startNotes: () => parts.startNotes(),
    reportPageError: async (error) => parts.reportPageError(error),
    testUpstream: ({ url }, left) => testUpstream(url, left),
    updateState: async () => updates.state(),
    saveUpdateMode: ({ mode }) => updates.saveMode(mode),
    checkForUpdate: () => updates.check(),
    installUpdate: () => updates.install(),
    loginItem: () => loginItem.current(),
    saveLoginItem: ({ enabled }) => loginItem.save(enabled),
    diagnostics: () => parts.diagnostics(),
    saveDiagnostics: (text) => parts.saveDiagnostics(text),
  };
}
