/** The journal's thread with a fuse: dies at the next batch when the data directory holds `die-before` or `die-after`. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';

const { dataDir } = z.object({ dataDir: z.string() }).parse(workerData);
const Message = z.object({ kind: z.string() });

function dieIf(name: string): void {
  const fuse = join(dataDir, name);
  if (!existsSync(fuse)) return;
  rmSync(fuse);
  process.exit(1); // in a worker: ends the thread only, messages it has not sent included
}

const isKind = (message: unknown, kind: string): boolean => Message.parse(message).kind === kind;

if (parentPort !== null) {
  const port = parentPort;
  const answer = port.postMessage.bind(port);
  port.on('message', (message) => {
    if (isKind(message, 'batch')) dieIf('die-before');
  });
  port.postMessage = (message) => {
    if (isKind(message, 'committed')) dieIf('die-after');
    answer(message);
  };
}
await import('../../../gateway/journal/thread.ts');
