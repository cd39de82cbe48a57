import { app, clipboard } from 'electron';
import type { HostInfo } from '../contract/ipc.ts';
import type { Source } from './analytics.ts';
import { createAnswer } from './answer.ts';
import type { AppSettings } from './app-setting-handlers.ts';
import { type Desktop, followTheme } from './desktop.ts';
import { chooseFile } from './file-dialog.ts';
import type { GatewayControl } from './gateway-control.ts';
import { createHandlers } from './handlers.ts';
import { serveAsks, tell } from './ipc.ts';
import type { OpenReportDesk } from './reports/desk.ts';
import type { SettingsStore } from './settings.ts';
import type { SnowflakeConfig } from './snowflake-config.ts';
import { lazyTools } from './snowflake.ts';

export interface PageDoorOptions {
  readonly gateway: GatewayControl;
  readonly desktop: Desktop;
  readonly settings: SettingsStore;
  readonly snowflake: SnowflakeConfig;
  readonly source: Source;
  readonly reports: OpenReportDesk;
  readonly appSettings: AppSettings;
}

/** Opens the bridge of the page: answers its asks, tells it news. Returns the function that closes it. */
export function openPageDoor(parts: PageDoorOptions): () => void {
  const { gateway, desktop, settings, snowflake, reports } = parts;
  const { link } = gateway;
  const page = () => desktop.window.current();
  const handlers = createHandlers({
    ...parts,
    rest: link.rest,
    snowflake: {
      config: snowflake,
      tools: lazyTools,
      rest: link.rest,
      foreign: gateway.foreign,
      tellSteps: (steps) => tell(page(), 'snowflakeSteps', [...steps]),
    },
    hostInfo: hostInfo(),
    status: link.status,
    snapshot: link.snapshot,
    setRecording: link.setRecording,
    restartGateway: gateway.restart,
    async saveUi(change) {
      const { ui } = await settings.changeUi(change);
      followTheme(settings);
      tell(page(), 'uiSettings', ui);
      return ui;
    },
    copyText: (text) => clipboard.writeText(text),
    chooseFile: (name) => chooseFile(page(), name),
  });
  const ends = [
    serveAsks(
      createAnswer(handlers),
      (contents, name) => contents === page()?.webContents || reports.mayAsk(contents, name),
      (contents) => void (contents === page()?.webContents && desktop.window.answered()),
    ),
    link.onStatus((status) => tell(page(), 'gatewayStatus', status)),
    link.onFrame((frame) => tell(page(), 'live', frame)),
  ];
  return () => ends.forEach((end) => end());
}

const hostInfo = (): HostInfo => ({
  kind: 'electron',
  version: app.getVersion(),
  platform: process.platform,
  electron: process.versions.electron ?? null,
});
