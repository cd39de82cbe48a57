import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ChildOptions } from './writing-child.ts';

const entry = fileURLToPath(new URL('writing-child.ts', import.meta.url));
const Line = z.union([
  z.object({ callId: z.string(), durable: z.boolean(), seq: z.int().optional() }),
  z.object({ ready: z.literal(true), pid: z.int() }),
]);

export interface Acknowledged {
  readonly callId: string;
  readonly durable: boolean;
  readonly seq?: number | undefined;
}

export interface ChildRun {
  readonly acknowledged: readonly Acknowledged[];
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly stderr: string;
}

export interface RunOptions {
  readonly options?: z.input<typeof ChildOptions>;
  /** SIGKILL this long after the child said it is ready, or as soon as something is so; null lets it end by itself. */
  readonly kill: number | (() => boolean) | null;
  readonly env?: Readonly<Record<string, string>>;
  /** Put before the node command, for example strace and its options. */
  readonly wrapper?: readonly string[];
}

/** Runs the writing child to its end and returns what it told. */
export async function runChild(
  dataDir: string,
  { options = {}, kill, env = {}, wrapper = [] }: RunOptions,
): Promise<ChildRun> {
  const [command = process.execPath, ...args] = [...wrapper, process.execPath, entry, dataDir, JSON.stringify(options)];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const acknowledged: Acknowledged[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const closed = once(child, 'close');
  for await (const text of createInterface({ input: child.stdout })) {
    const line = Line.parse(JSON.parse(text));
    if ('callId' in line) acknowledged.push(line);
    else killWhen(line.pid, kill);
  }
  await closed;
  return { acknowledged, signal: child.signalCode, code: child.exitCode, stderr };
}

/** The writing process itself, not a tracer around it: that one ends with it. */
function killWhen(pid: number, kill: RunOptions['kill']): void {
  if (kill === null) return;
  if (typeof kill === 'number') {
    setTimeout(() => process.kill(pid, 'SIGKILL'), kill);
    return;
  }
  const timer = setInterval(() => {
    if (!kill()) return;
    clearInterval(timer);
    process.kill(pid, 'SIGKILL');
  }, 5);
}
