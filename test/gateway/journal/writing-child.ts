/**
 * A process that writes a journal under load until it is killed: `node writing-child.ts <dataDir> <options as JSON>`. Each line on stdout is
 * one acknowledged call, written synchronously, so a killed child has told exactly what it acknowledged.
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { waitFor } from '../../helpers/wait-for.ts';
import { endedCall, journalConfig, runningCall, startTestJournal } from './journal-kit.ts';

export const ChildOptions = z.object({
  durable: z.boolean().default(true),
  synchronous: z.enum(['FULL', 'NORMAL']).default('FULL'),
  workers: z.int().default(8),
  calls: z.int().nullable().default(null), // end after that many; null = until killed
  keepDays: z.number().default(90),
  deadlineMs: z.int().default(20_000), // of each close
  deliverUpTo: z.int().default(0), // tells this position before the load
});

const [, , dataDir = '', options = '{}'] = process.argv;
const { durable, synchronous, workers, calls, keepDays, deadlineMs, deliverUpTo } = ChildOptions.parse(
  JSON.parse(options),
);

const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const journal = await startTestJournal(dataDir, { config: { ...journalConfig, durable, synchronous, keepDays } });
// On a slow disk the start does not wait for the journal to be open; a test of commits has to.
await waitFor('the journal to be open', () => journal.health().state === 'ok', 60_000);
say({ ready: true, pid: process.pid });
if (deliverUpTo > 0) journal.delivered('duckdb', deliverUpTo);
let left = calls ?? Infinity;

async function work(): Promise<void> {
  while (left > 0) {
    left -= 1;
    const callId = randomUUID();
    journal.open(runningCall({ callId }));
    if (Math.random() < 0.3) await sleep(Math.random() * 30);
    journal.progress(runningCall({ callId, outputTokens: 7 }));
    if (Math.random() < 0.2) await sleep(Math.random() * 30);
    const result = await journal.close(endedCall({ callId }), deadlineMs);
    say({ callId, ...result });
  }
}

await Promise.all(Array.from({ length: workers }, work));
// Housekeeping passes once a second; a crash point in it needs the process alive that long.
if (keepDays === 0) await sleep(1500);
await journal.stop();
