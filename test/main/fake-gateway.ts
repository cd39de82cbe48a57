import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParentMessage } from '../../contract/snowflake.ts';
import type { GatewayCommand } from '../../main/gateway-command.ts';
import { gatewayEnvironment } from '../../main/gateway-command.ts';

export interface FakeStart {
  readonly pid: number;
  readonly args: readonly string[];
  readonly env: readonly string[]; // names
  readonly at: number; // ms since 1970
}

/** The command of a stand-in that follows `plan`, one word a start (see fixtures/fake-gateway.ts). */
export function fakeGatewayCommand(cwd: string, plan: readonly string[]): GatewayCommand {
  return {
    node: process.execPath,
    entry: join(import.meta.dirname, 'fixtures', 'fake-gateway.ts'),
    cwd,
    env: { ...gatewayEnvironment(process.env), AISM_FAKE_PLAN: plan.join(',') },
  };
}

/** Every start on that data directory so far. */
export async function startsOf(dataDir: string): Promise<FakeStart[]> {
  const text = await readFile(join(dataDir, 'starts'), 'utf8').catch(() => '');
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Every whole line the stand-ins on that data directory have heard through their parent pipe. */
export async function heardBy(dataDir: string): Promise<ParentMessage[]> {
  const text = await readFile(join(dataDir, 'heard'), 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ParentMessage.parse(JSON.parse(line)));
}
