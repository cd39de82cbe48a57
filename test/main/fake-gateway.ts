import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayCommand } from '../../main/gateway-command.ts';
import { gatewayEnvironment } from '../../main/gateway-command.ts';

export interface FakeStart {
  readonly pid: number;
  readonly args: readonly string[];
  readonly env: readonly string[];
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
