/** `doctor` on what is kept: data directory, journal, embedded database. */
import { toFailure } from '../../contract/errors.ts';
import { Health, type FilesHealth } from '../../contract/gateway-api.ts';
import type { GatewayConfig } from '../config.ts';
import { claimDataDir } from '../data-dir-claim.ts';
import { checkJournal } from '../journal/check.ts';
import { startLogging } from '../log.ts';
import { createShutdown } from '../shutdown.ts';
import { startStorage, type GatewayEntries } from '../storage.ts';
import type { Finding } from './finding.ts';
import { findRunningGateway, type RunningGateway } from './running-gateway.ts';

const questionMs = 15_000;

export async function storageFindings(config: GatewayConfig, entries: GatewayEntries): Promise<readonly Finding[]> {
  try {
    const running = await findRunningGateway(config.dataDir);
    return running === null ? await openFindings(config, entries) : await runningFindings(running, config);
  } catch (error) {
    return [{ state: 'failed', part: 'gateway', detail: toFailure(error).message }, journalFinding(config)];
  }
}

async function runningFindings(running: RunningGateway, config: GatewayConfig): Promise<readonly Finding[]> {
  const { url, pid } = running.file;
  const { status, checks } = Health.parse(await (await running.fetch('/api/analytics/health')).json());
  const { journal, warehouse, files } = checks;
  return [
    { state: status === 'ok' ? 'ok' : 'failed', part: 'gateway', detail: `process ${pid} at ${url} says: ${status}` },
    { state: journal.state === 'ok' ? 'ok' : 'failed', part: 'journal', detail: journal.detail },
    { state: warehouse.state === 'ok' ? 'ok' : 'failed', part: 'database', detail: warehouse.detail },
    filesFinding(files),
    journalFinding(config),
  ];
}

/** No gateway runs: opens what it would open, under its lock. */
async function openFindings(config: GatewayConfig, entries: GatewayEntries): Promise<readonly Finding[]> {
  const logging = startLogging({ level: 'silent' });
  const shutdown = createShutdown(logging.root);
  try {
    const { lock } = claimDataDir(config.dataDir, logging, shutdown);
    const { journal, warehouse, files, ask } = await startStorage(config, { entries, logging, lock }, shutdown);
    const { state, detail } = journal.health();
    const range = { range: '15m', tz: 'UTC', filter: {}, source: 'duckdb' } as const;
    await ask('metrics', range, AbortSignal.timeout(questionMs));
    return [
      { state: 'ok', part: 'data directory', detail: 'writable, held by nobody' },
      { state: state === 'ok' ? 'ok' : 'failed', part: 'journal', detail },
      { state: 'ok', part: 'database', detail: `DuckDB answers. ${warehouse.health().detail}` },
      filesFinding(files.health()),
      journalFinding(config),
    ];
  } catch (error) {
    const { code, message } = toFailure(error);
    const isDatabase = code === 'warehouse_unavailable' || code === 'cancelled';
    return [{ state: 'failed', part: isDatabase ? 'database' : 'data directory', detail: message }];
  } finally {
    await shutdown.run();
  }
}

const filesFinding = ({ state, detail }: FilesHealth): Finding => ({
  state: state === 'ok' ? 'ok' : 'failed',
  part: 'settings files',
  detail,
});

function journalFinding({ dataDir }: GatewayConfig): Finding {
  const { ok, problems, rows, lastSeq } = checkJournal(dataDir);
  return ok
    ? { state: 'ok', part: 'journal integrity', detail: `${rows} rows, last seq ${lastSeq}` }
    : { state: 'failed', part: 'journal integrity', detail: problems.join(' ') };
}
