import type { GatewayCommand } from './gateway-command.ts';
import { type GatewayLink, linkGateway } from './gateway-link.ts';
import { GatewaySupervisor, type GatewayState } from './gateway-process.ts';
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
  start(): void;
  /**
   * @param port from now on, kept as a setting; null = the same as before.
   * @throws AppError when the gateway belongs to another program.
   */
  restart(port: number | null): Promise<void>;
  stop(): Promise<void>;
}

export interface GatewayControlOptions {
  readonly command: GatewayCommand;
  readonly dataDir: string;
  readonly options: LaunchOptions;
  readonly settings: SettingsStore;
  readonly snowflake: SnowflakeConfig;
  readonly log: Log;
}

export function createGatewayControl({
  command,
  dataDir,
  options,
  settings,
  snowflake,
  log,
}: GatewayControlOptions): GatewayControl {
  let portOfThisRun = options.port;
  const upstreams = options.upstreams.flatMap((upstream) => ['--upstream', upstream]);
  const supervisor = new GatewaySupervisor({
    command,
    dataDir,
    port: () => portOfThisRun ?? settings.current().port,
    extraArgs: options.demo ? [...upstreams, '--demo'] : upstreams,
    message: () => snowflake.message(),
    log,
  });
  const stopHandingOver = snowflake.onChange(() => supervisor.handOver());
  const link = linkGateway({ supervisor, log });
  return {
    link,
    state: () => supervisor.state(),
    foreign: () => foreignNote(supervisor.state()),
    start: () => supervisor.start(),
    async restart(port) {
      if (port !== null) {
        portOfThisRun = null;
        await settings.change({ port });
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

const foreignNote = ({ attached, endpoint }: GatewayState): string | null =>
  attached
    ? `This gateway was started by another program (process ${endpoint?.pid ?? '?'}). It takes its settings from its own environment: change the SNOWFLAKE_* variables there and start it again.`
    : null;
