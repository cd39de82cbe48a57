import type { GatewaySettings, GatewaySettingsState } from '../contract/app-settings.ts';
import type { GatewayCommand } from './gateway-command.ts';
import { type GatewayLink, linkGateway } from './gateway-link.ts';
import { GatewaySupervisor, type GatewayState } from './gateway-process.ts';
import { createSettingsChange } from './gateway-settings-change.ts';
import { choiceFrom, gatewayFlags, thisRun } from './gateway-settings.ts';
import type { LaunchOptions } from './launch-options.ts';
import type { Log } from './log.ts';
import type { SettingsStore } from './settings.ts';
import type { SnowflakeConfig } from './snowflake-config.ts';

/** The gateway of this app: its process, the link to it, and the port it listens on. */
export interface GatewayControl {
  readonly link: GatewayLink;
  state(): GatewayState;
  /** Why this gateway cannot be told its settings: another program started it. Null when it is ours. */
  foreign(): string | null;
  settings(): GatewaySettingsState;
  /**
   * Restarts with them where that is needed, and goes back to the old ones when it does not start.
   * @throws AppError that names the field, or the reason
   */
  saveSettings(next: GatewaySettings): Promise<void>;
  start(): void;
  /**
   * @param port from now on, kept as a setting; null = the same as before.
   * @throws AppError when the gateway belongs to another program.
   */
  restart(port: number | null): Promise<void>;
  stop(): Promise<void>;
  /** Ends a stop at once, without waiting for running calls. */
  hasten(): void;
}

export interface GatewayControlOptions {
  readonly command: GatewayCommand;
  readonly dataDir: string;
  readonly options: LaunchOptions;
  readonly settings: SettingsStore;
  readonly snowflake: SnowflakeConfig;
  readonly log: Log;
}

export function createGatewayControl(parts: GatewayControlOptions): GatewayControl {
  const { command, dataDir, options, settings, snowflake, log } = parts;
  let portOfThisRun = options.port;
  const port = (): number => portOfThisRun ?? settings.current().port;
  const flags = (): readonly string[] => startFlags(settings, options);
  const supervisor = new GatewaySupervisor({
    command,
    dataDir,
    port,
    extraArgs: flags,
    message: () => snowflake.message(),
    log,
  });
  const stopHandingOver = snowflake.onChange(() => supervisor.handOver());
  const link = linkGateway({ supervisor, log });
  const startsWith = (): readonly string[] => [String(port()), ...flags()];
  return {
    link,
    state: () => supervisor.state(),
    foreign: () => foreignNote(supervisor.state()),
    ...settingsSide(parts, supervisor, startsWith, () => portOfThisRun),
    start: () => supervisor.start(),
    hasten: () => supervisor.hasten(),
    async restart(wanted) {
      if (wanted !== null) {
        portOfThisRun = null;
        await settings.change({ port: wanted });
      }
      await supervisor.restart();
    },
    async stop() {
      stopHandingOver();
      link.stop();
      await supervisor.stop();
    },
  };
}

/** The command line comes last: of two upstreams with one name the gateway takes the later. */
const startFlags = (settings: SettingsStore, { upstreams, demo }: LaunchOptions): readonly string[] => [
  ...gatewayFlags(settings.current().gateway),
  ...upstreams.flatMap((upstream) => ['--upstream', upstream]),
  ...(demo ? ['--demo'] : []),
];

function settingsSide(
  { settings, options, command }: GatewayControlOptions,
  supervisor: GatewaySupervisor,
  startsWith: () => readonly string[],
  givenPort: () => number | null,
): Pick<GatewayControl, 'settings' | 'saveSettings'> {
  const locked = (): string | null => lockedNote(supervisor.state());
  return {
    settings() {
      const { port, gateway } = settings.current();
      return {
        settings: { port, ...(gateway ?? choiceFrom(command.env)) },
        locked: locked(),
        thisRun: thisRun({ port: givenPort(), upstreams: options.upstreams }),
      };
    },
    saveSettings: createSettingsChange({
      supervisor,
      settings,
      startsWith,
      locked,
      portIsGiven: () => givenPort() !== null,
    }),
  };
}

const lockedNote = ({ attached, endpoint }: GatewayState): string | null =>
  attached
    ? `This gateway was started by another program (process ${endpoint?.pid ?? '?'}). Change its flags or AISM_* variables there and start it again.`
    : null;

const foreignNote = ({ attached, endpoint }: GatewayState): string | null =>
  attached
    ? `This gateway was started by another program (process ${endpoint?.pid ?? '?'}). It takes its settings from its own environment: change the SNOWFLAKE_* variables there and start it again.`
    : null;
