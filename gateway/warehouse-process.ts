/**
 * The warehouse process: journal → delivery → DuckDB, and the questions over it. A child of the gateway, alive as long as its IPC channel:
 * when the gateway is gone, so is this process and its hold on the database file.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { toFailure, type Answer } from '../contract/errors.ts';
import { answer } from './analytics/answer.ts';
import { createDelivery, type Delivery, type DeliveryLog } from './delivery/delivery.ts';
import { openJournalReader } from './journal/reader.ts';
import { openDuckDb, type DuckDbStore } from './warehouse/duckdb.ts';
import type { Request, ToChild, ToParent } from './warehouse/protocol.ts';

const closeWithinMs = 3_000;

interface Running {
  readonly store: DuckDbStore;
  readonly delivery: Delivery;
  readonly close: () => Promise<void>;
}

const asking = new Map<number, AbortController>();
let running: Promise<Running> | null = null;

function tell(message: ToParent): Promise<void> {
  return new Promise((resolve) => {
    // A closed channel needs no telling: `disconnect` ends this process.
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

const log: DeliveryLog = {
  info: (fields, event) => void tell({ kind: 'log', level: 'info', event, fields: plain(fields) }),
  warn: (fields, event) => void tell({ kind: 'log', level: 'warn', event, fields: plain(fields) }),
};

/** Errors have no enumerable fields, so JSON would lose them. */
function plain(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value,
    ]),
  );
}

async function start({ dataDir, mistrust }: Extract<ToChild, { kind: 'start' }>): Promise<Running> {
  const store = await openDuckDb({
    dataDir,
    mistrust,
    onLost: (fault, reason) => void giveUp(reason, fault === 'corrupt'),
  });
  await tell({ kind: 'opened', setAside: store.setAside });
  const source = openJournalReader(dataDir);
  const delivery = createDelivery({
    source,
    destination: store.destination,
    log,
    onState: (state) => void tell({ kind: 'state', state }),
  });
  const close = async () => {
    await delivery.stop();
    source.close();
    await store.close();
  };
  return { store, delivery, close };
}

/** Says why, then ends: the supervisor starts the next process. */
async function giveUp(detail: string, mistrust: boolean): Promise<void> {
  await tell({ kind: 'failed', detail, mistrust });
  process.exit(1);
}

/** The database is closed when that is quick; the file survives an exit at any moment. */
async function finish(): Promise<void> {
  for (const controller of asking.values()) controller.abort();
  await Promise.race([running?.then(({ close }) => close()).catch(() => undefined), sleep(closeWithinMs)]);
  process.exit(0);
}

async function serve(request: Request): Promise<void> {
  const controller = new AbortController();
  asking.set(request.id, controller);
  const result = await attempt(() => carryOut(request, controller.signal));
  asking.delete(request.id);
  await tell({ kind: 'answer', id: request.id, answer: result });
}

async function attempt(work: () => Promise<unknown>): Promise<Answer<unknown>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return toFailure(error);
  }
}

async function carryOut(request: Request, signal: AbortSignal): Promise<unknown> {
  if (running === null) throw new Error('The first message was not start');
  const { store, delivery } = await running;
  if (request.kind === 'removeSample') return delivery.betweenBatches(() => store.removeSample());
  return answer(store.warehouse, request.name, request.query, { signal });
}

function receive(message: ToChild): void {
  switch (message.kind) {
    case 'start':
      running = start(message);
      running.catch((error: unknown) => giveUp(toFailure(error).message, false));
      return;
    case 'ask':
    case 'removeSample':
      return void serve(message);
    case 'cancel':
      return asking.get(message.id)?.abort();
    case 'wake':
      return void running?.then(({ delivery }) => delivery.wake());
    case 'ping':
      return void tell({ kind: 'pong' });
    case 'stop':
      return void finish();
  }
}

process.umask(0o077); // everything on disk is its owner's only
process.on('message', (message) => receive(message as ToChild)); // the one untyped door; both ends are one build
process.once('disconnect', () => void finish());
process.once('SIGTERM', () => void finish());
process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole group; the gateway decides when this process ends
