import type { appSettingAsks } from '../contract/app-settings.ts';
import { AppError } from '../contract/errors.ts';
import type { MainHandlers } from './answer.ts';

type AppSettingHandlers = Pick<MainHandlers, keyof typeof appSettingAsks>;

/** What only the installed app can set. */
export function createAppSettingHandlers(): AppSettingHandlers {
  return {
    gatewaySettings: unbuilt,
    saveGatewaySettings: unbuilt,
    freePort: unbuilt,
    openDashboard: unbuilt,
    openDataFolder: unbuilt,
    startNotes: unbuilt,
    testUpstream: unbuilt,
    updateState: unbuilt,
    saveUpdateMode: unbuilt,
    checkForUpdate: unbuilt,
    installUpdate: unbuilt,
    loginItem: unbuilt,
    saveLoginItem: unbuilt,
    diagnostics: unbuilt,
    saveDiagnostics: unbuilt,
  };
}

const unbuilt = (): Promise<never> => Promise.reject(new AppError('not_supported_here', 'Not in this version.'));
