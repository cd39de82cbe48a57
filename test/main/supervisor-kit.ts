/** A supervisor over a gateway that plays a plan (fake-gateway.ts), in a data directory of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ParentMessage } from '../../contract/snowflake.ts';
import type { GatewayCommand } from '../../main/gateway-command.ts';
import { GatewaySupervisor, type GatewayState, type SupervisorTimes } from '../../main/gateway-process.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { fakeGatewayCommand } from './fake-gateway.ts';

export const quick: SupervisorTimes = {
  readyMs: 5000,
  askAgainMs: 200,
  killMs: 600,
  backOff: { firstMs: 40, longestMs: 160 },
  steadyMs: 60_000,
  probeMs: 50,
};

export interface SupervisorScene {
  readonly dataDir: string;
  /** What was logged so far. */
  readonly lines: readonly string[];
  /** What a started gateway is told; null = nothing yet. */
  toTell: ParentMessage | null;
  supervise(
    plan: readonly string[],
    times?: Partial<SupervisorTimes>,
    port?: number,
    command?: GatewayCommand,
  ): GatewaySupervisor;
  end(): Promise<void>;
}

export async function supervisorScene(): Promise<SupervisorScene> {
  const dataDir = await mkdtemp(join(tmpdir(), 'aism supervisor ')); // paths may hold spaces
  const lines: string[] = [];
  const supervisors: GatewaySupervisor[] = [];
  const note = (message: string): void => void lines.push(message);
  const scene: SupervisorScene = {
    dataDir,
    lines,
    toTell: null,
    supervise(plan, times = {}, port = 0, command = fakeGatewayCommand(dataDir, plan)) {
      const supervisor = new GatewaySupervisor({
        command,
        dataDir,
        port: () => port,
        extraArgs: () => ['--upstream', 'gemini=http://127.0.0.1:1'],
        message: () => scene.toTell,
        log: { info: note, warn: note, error: note },
        times: { ...quick, ...times },
      });
      supervisors.push(supervisor);
      return supervisor;
    },
    async end() {
      await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return scene;
}

export function reached(
  supervisor: GatewaySupervisor,
  wanted: (state: GatewayState) => boolean,
): Promise<GatewayState> {
  return waitFor('the supervisor state', async () => {
    const state = supervisor.state();
    return wanted(state) && state;
  });
}

export const running = (supervisor: GatewaySupervisor): Promise<GatewayState> =>
  reached(supervisor, ({ phase }) => phase === 'running');
