/** A process that holds a lock until it is killed: `node lock-holder.ts instance <dataDir>` or `node lock-holder.ts write <database>`. */
import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { acquireLock } from '../../../gateway/journal/lock.ts';

const self = fileURLToPath(import.meta.url);

export interface LockHolder {
  readonly pid: number;
  kill(): Promise<void>;
}

/** Resolves when the process holds its lock; rejects with its error text when it could not get it. */
export async function startHolder(kind: 'instance' | 'write', path: string): Promise<LockHolder> {
  const child = spawn(process.execPath, [self, kind, path], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'close');
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'held') continue;
    return {
      pid: child.pid ?? 0,
      kill: async () => {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }
  throw new Error(errors);
}

function hold(kind: string, path: string): void {
  if (kind === 'instance') {
    acquireLock(path);
  } else {
    const database = new Database(path);
    database.exec('BEGIN IMMEDIATE');
  }
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
}

if (process.argv[1] === self) hold(process.argv[2] ?? '', process.argv[3] ?? '');
