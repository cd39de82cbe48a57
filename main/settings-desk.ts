/** Composition of what only the installed app can set: updates, start at login, diagnostics, and the doors to folder and browser. */
import { app, shell } from 'electron';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Diagnostics } from '../contract/app-settings.ts';
import { AppError } from '../contract/errors.ts';
import type { ExportResult } from '../contract/reports.ts';
import type { AppSettings } from './app-setting-handlers.ts';
import type { Desktop } from './desktop.ts';
import { collectDiagnostics } from './diagnostics/diagnostics.ts';
import { machineFacts, privateParts } from './diagnostics/machine-facts.ts';
import { chooseFile } from './file-dialog.ts';
import type { GatewayControl } from './gateway-control.ts';
import { tell } from './ipc.ts';
import type { LaunchOptions } from './launch-options.ts';
import type { Log } from './log.ts';
import { createLoginItem } from './login-item.ts';
import { secretsSetAside, settingsReset } from './notifications.ts';
import type { Places } from './places.ts';
import { throughDraft } from './reports/draft-file.ts';
import type { WrittenFiles } from './reports/written-files.ts';
import type { SettingsStore } from './settings.ts';
import type { SnowflakeConfig } from './snowflake-config.ts';
import { whyUnsupported } from './updates/update-support.ts';
import { createUpdateSource } from './updates/update-source.ts';
import { Updates } from './updates/updates.ts';

export interface SettingsDeskOptions {
  readonly options: LaunchOptions;
  readonly places: Places;
  readonly gateway: GatewayControl;
  readonly desktop: Desktop;
  readonly settings: SettingsStore;
  readonly snowflake: SnowflakeConfig;
  readonly written: Pick<WrittenFiles, 'add'>;
  /** A feed of a test, as a file like the package's `app-update.yml`; null in earnest. */
  readonly updateConfig: string | null;
  readonly log: Log;
}

export interface SettingsDesk extends AppSettings {
  stop(): void;
}

export async function openSettingsDesk(parts: SettingsDeskOptions): Promise<SettingsDesk> {
  const { options, gateway, desktop, settings, snowflake, places } = parts;
  const updates = await openUpdates(parts);
  updates.start();
  return {
    gateway,
    updates,
    loginItem: createLoginItem({ ...surroundings(), home: app.getPath('home'), app, dataDir: options.dataDir }),
    diagnostics: () => diagnose(parts),
    saveDiagnostics: (text) => saveText(text, desktop, parts.written),
    openDashboard: () => openDashboard(gateway),
    openDataFolder: () => openFolder(places.dataDir),
    async startNotes() {
      await snowflake.ready;
      const secrets = snowflake.setAside();
      const reset = settingsReset(settings);
      return [
        ...(reset === null ? [] : [sentence(reset)]),
        ...(secrets === null ? [] : [sentence(secretsSetAside(secrets))]),
      ];
    },
    reportPageError: ({ source, message, stack }) =>
      parts.log.error(`PageError ${source}: ${stack.includes(message) ? stack : `${message}\n${stack}`}`),
    stop: () => updates.stop(),
  };
}

const surroundings = () => {
  const { platform, env, resourcesPath, execPath } = process;
  return { packaged: app.isPackaged, platform, env, resourcesPath, execPath };
};

const sentence = ({ title, body }: { readonly title: string; readonly body: string }): string => `${title}: ${body}`;

async function openUpdates({ settings, desktop, updateConfig, log }: SettingsDeskOptions): Promise<Updates> {
  return new Updates({
    unsupported: updateConfig === null ? await whyUnsupported(surroundings()) : null,
    version: app.getVersion(),
    mode: () => settings.current().updates,
    saveMode: async (updates) => void (await settings.change({ updates })),
    tell: (state) => tell(desktop.window.current(), 'updateState', state),
    source: createUpdateSource({
      log,
      configFile: updateConfig,
      releaseLock: () => app.releaseSingleInstanceLock(),
      takeLockAgain: () => void app.requestSingleInstanceLock(),
    }),
  });
}

function diagnose({ gateway, settings, places }: SettingsDeskOptions): Promise<Diagnostics> {
  return collectDiagnostics({
    facts: machineFacts,
    settings: () => settings.current(),
    status: gateway.link.status,
    rest: gateway.link.rest,
    logs: [
      { name: 'the log of the app', path: join(places.logsDir, 'main.log') },
      { name: 'the log of the gateway', path: join(places.logsDir, 'gateway.log') },
    ],
    privateParts: () => privateParts(gateway.state().endpoint?.token ?? null),
    now: () => new Date(),
  });
}

/** The name comes from the page: only its last part counts. */
async function saveText(
  { fileName, text }: Diagnostics,
  desktop: Desktop,
  written: SettingsDeskOptions['written'],
): Promise<ExportResult> {
  const path = await chooseFile(desktop.window.current(), basename(fileName));
  if (path === null) return { saved: 'cancelled', path: null, rows: null };
  await throughDraft(path, (draft) => writeFile(draft, text, { mode: 0o600 }));
  written.add(path);
  return { saved: 'file', path, rows: null };
}

const LoginLink = z.object({ url: z.url({ protocol: /^https?$/ }) });

/** The link works once and for minutes only. */
async function openDashboard({ link }: GatewayControl): Promise<void> {
  const { url } = await link.rest.ask('/api/login-link', LoginLink, { body: {} });
  await shell.openExternal(url);
}

async function openFolder(path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '') throw new AppError('internal', `The folder ${path} was not opened: ${problem}`);
}
