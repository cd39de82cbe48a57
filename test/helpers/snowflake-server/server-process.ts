/** The server as a child process (main.ts), for tests that kill it or stop it in its tracks. Everything it leaves is in one folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SnowflakeProfile, SnowflakeSecrets } from '../../../contract/snowflake.ts';
import type { ServerSettings } from './server.ts';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));

export interface SnowflakeProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly profile: SnowflakeProfile;
  readonly secrets: SnowflakeSecrets;
  /** SIGSTOP: connections stay open and nothing is answered, until `goOn`. */
  freeze(): void;
  goOn(): void;
  /** SIGKILL; resolved when the process is gone. The next one in the same folder has the data and takes the same credentials. */
  kill(): Promise<void>;
  /** SIGTERM; resolved when the process is gone. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly folder: string;
  readonly port?: number;
  readonly settings?: Partial<ServerSettings>;
}

export async function startSnowflakeProcess(options: ProcessOptions): Promise<SnowflakeProcess> {
  const credentials = join(options.folder, 'credentials.json');
  const args = ['--credentials', credentials, '--database', join(options.folder, 'account.duckdb')];
  args.push('--port', `${options.port ?? 0}`, '--settings', JSON.stringify(options.settings ?? {}));
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const exited = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([first]) => String(first)),
    exited.then(() => null),
  ]);
  if (line === null) throw new Error(`The Snowflake server ended before it was ready: ${errors}`);
  const ready: { readonly url: string; readonly port: number; readonly pid: number } = JSON.parse(line);
  const known: { readonly profile: unknown; readonly secrets: unknown } = JSON.parse(
    await readFile(credentials, 'utf8'),
  );
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill('SIGCONT');
    child.kill(signal);
    await exited;
  };
  return {
    ...ready,
    profile: SnowflakeProfile.parse(known.profile),
    secrets: SnowflakeSecrets.parse(known.secrets),
    freeze: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
