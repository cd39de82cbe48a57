/**
 * The warehouse process: journal → delivery → DuckDB, and beside it → Snowflake when it is configured, with the questions over both. A child
 * of the gateway, alive as long as its IPC channel: when the gateway is gone, so is this process and its hold on the database file.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { toFailure, type Answer } from '../contract/errors.ts';
import { serviceSignals } from './cli/signals.ts';
import { createDelivery } from './delivery/delivery.ts';
import { assertInPlace } from './journal/lock.ts';
import { openJournalReader } from './journal/reader.ts';
import { openDuckDb } from './warehouse/duckdb.ts';
import { createRescuer, rescueArgument } from './warehouse/rescue.ts';
import type { Request, ToChild } from './warehouse/protocol.ts';
import { Repricing } from './warehouse-process/repricing.ts';
import { SnowflakeSide } from './warehouse-process/snowflake-side.ts';
import { lookForMissing } from './warehouse-process/look-for-missing.ts';
import { rescue } from './warehouse-process/rescue-work.ts';
import { log, tell } from './warehouse-process/telling.ts';
import { watchPlaces } from './warehouse-process/watch-places.ts';
import { carryOut, type Workshop } from './warehouse-process/work.ts';

const closeWithinMs = 3_000;

interface Running extends Workshop {
  readonly close: (flushMs: number) => Promise<unknown>;
}

const asking = new Map<number, AbortController>();
let running: Promise<Running> | null = null;

async function start({ dataDir, lock, suspect }: Extract<ToChild, { kind: 'start' }>): Promise<Running> {
  assertInPlace(dataDir, lock);
  const store = await openDuckDb({
    dataDir,
    suspect,
    rescuer: createRescuer(new URL(import.meta.url)),
    onLost: (fault, reason) => void giveUp(reason, fault === 'corrupt'),
  });
  watchPlaces(dataDir, lock, (detail) => void giveUp(detail, false));
  await tell({ kind: 'opened', setAside: store.setAside });
  const source = openJournalReader(dataDir);
  const delivery = createDelivery({
    source,
    destination: store.destination,
    log,
    prepare: () => lookForMissing(store, source),
    onState: (state) => void tell({ kind: 'state', state }),
  });
  const snowflake = new SnowflakeSide(dataDir);
  const repricing = new Repricing({ dataDir, store, delivery, snowflake });
  repricing.resume();
  const closeLocal = async (): Promise<void> => {
    await repricing.stop();
    await delivery.stop();
    source.close();
    await store.close();
  };
  const close = (flushMs: number) => Promise.all([closeLocal(), snowflake.close(flushMs)]);
  return { store, delivery, snowflake, repricing, close };
}

/** Says why, then ends: the supervisor starts the next process. */
async function giveUp(detail: string, mistrust: boolean): Promise<void> {
  await tell({ kind: 'failed', detail, mistrust });
  process.exit(1);
}

/** The database is closed when that is quick; the file survives an exit at any moment, and what Snowflake does not have is in the journal. */
async function finish(flushMs: number): Promise<void> {
  for (const controller of asking.values()) controller.abort();
  await Promise.race([
    running?.then(({ close }) => close(flushMs)).catch(() => undefined),
    sleep(closeWithinMs + flushMs),
  ]);
  process.exit(0);
}

async function serve(request: Request): Promise<void> {
  const controller = new AbortController();
  asking.set(request.id, controller);
  const result = await attempt(request, controller.signal);
  asking.delete(request.id);
  await tell({ kind: 'answer', id: request.id, answer: result });
}

async function attempt(request: Request, signal: AbortSignal): Promise<Answer<unknown>> {
  try {
    if (running === null) throw new Error('The first message was not start');
    return { ok: true, value: await carryOut(await running, request, signal) };
  } catch (error) {
    return toFailure(error);
  }
}

/** What a process that does not get so far is told besides is told to the next one again. */
const whenRunning = (work: (parts: Running) => void): void => void running?.then(work).catch(() => undefined);

function receive(message: ToChild): void {
  switch (message.kind) {
    case 'start':
      running = start(message);
      running.catch((error: unknown) => giveUp(toFailure(error).message, false));
      return;
    case 'configure':
      return whenRunning(({ snowflake }) => snowflake.configure(message.generation, message.snowflake));
    case 'cancel':
      return asking.get(message.id)?.abort();
    case 'wake':
      return whenRunning(({ delivery, snowflake }) => {
        delivery.wake();
        snowflake.wake();
      });
    case 'ping':
      return void tell({ kind: 'pong' });
    case 'stop':
      return void finish(message.flushMs);
    default:
      return void serve(message);
  }
}

process.stderr.on('error', () => undefined); // its reader may leave
process.umask(0o077); // everything on disk is its owner's only
if (process.argv[2] === rescueArgument) await rescue(process.argv.slice(3));
process.on('message', (message) => receive(message as ToChild)); // the one untyped door; both ends are one build
process.once('disconnect', () => void finish(0));
// A terminal and a service manager signal the whole group. The gateway alone decides when this process ends: after its running calls.
for (const signal of serviceSignals) process.on(signal, () => undefined);
