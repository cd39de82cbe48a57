/** Starts and stops the processes of a benchmark. Each prints what it is reached by on its first stdout line. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Running {
  readonly pid: number;
  readonly firstLine: string;
  stop(): Promise<void>;
}

export async function startProcess(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Running> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const errors: string[] = [];
  child.stderr.on('data', (data: Buffer) => {
    errors.push(String(data));
    if (errors.length > 50) errors.shift();
  });
  const firstLine = await Promise.race([readFirstLine(child), once(child, 'exit').then(() => null)]);
  if (firstLine === null || child.pid === undefined)
    throw new Error(`${command} ${args.join(' ')} ended at once: ${errors.join('')}`);
  return { pid: child.pid, firstLine, stop: () => stop(child) };
}

async function readFirstLine(child: ChildProcess): Promise<string | null> {
  if (child.stdout === null) return null;
  for await (const line of createInterface({ input: child.stdout })) return line;
  return null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}
