/** Where an export's CSV comes from: the running gateway, or the files themselves when none runs. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendableRows } from '../api/csv-answer.ts';
import type { ListName } from '../api/list-export.ts';
import type { GatewayConfig } from '../config.ts';
import { isCaughtUp, type GatewayEntries } from '../storage.ts';
import { withOwnStorage } from './own-storage.ts';
import { findRunningGateway } from './running-gateway.ts';

export interface ExportSource {
  /** Writes the CSV; call it once. */
  writeTo(target: Writable, end: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface ExportQuery {
  readonly name: ListName;
  readonly params: URLSearchParams;
  readonly bom: boolean;
}

const backlogMs = 120_000;
const lookEveryMs = 100;

/** @throws AppError `bad_request` naming the parameter at fault */
export async function openExport(
  query: ExportQuery,
  config: GatewayConfig,
  entries: GatewayEntries,
): Promise<ExportSource> {
  return (await fromGateway(query, config)) ?? fromFiles(query, config, entries);
}

async function fromGateway({ name, params, bom }: ExportQuery, config: GatewayConfig): Promise<ExportSource | null> {
  const gateway = await findRunningGateway(config.dataDir);
  if (gateway === null) return null;
  const asked = new URLSearchParams(params);
  asked.set('format', 'csv');
  asked.set('bom', String(bom));
  const answer = await gateway.fetch(`/api/analytics/${name}?${asked}`);
  const body = answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body);
  return { writeTo: (target, end) => pipeline(body, target, { end }), close: async () => undefined };
}

/** Starts storage alone, lets it deliver what the journal still holds, and asks it. */
function fromFiles(
  { name, params, bom }: ExportQuery,
  config: GatewayConfig,
  entries: GatewayEntries,
): Promise<ExportSource> {
  return withOwnStorage(config, entries, async ({ storage }, close) => {
    const deadline = performance.now() + backlogMs;
    while (!isCaughtUp(storage) && performance.now() < deadline) await sleep(lookEveryMs);
    const { signal } = new AbortController();
    const { rows, format } = await sendableRows({ name, params, bom, ask: storage.ask, signal });
    return { writeTo: (target, end) => pipeline(rows, format, target, { end }), close };
  });
}
