/** `doctor`: looks at every part a gateway needs, changes as little as possible, and names what is wrong. */
import { connect } from 'node:net';
import { exitCodes } from '../../contract/gateway-api.ts';
import { toFailure } from '../../contract/errors.ts';
import type { GatewayConfig, Upstream } from '../config.ts';
import { claimDataDir } from '../data-dir-claim.ts';
import { checkJournal } from '../journal/check.ts';
import { startLogging } from '../log.ts';
import { createShutdown } from '../shutdown.ts';
import { startStorage } from '../storage.ts';
import type { CliContext, Command } from './context.ts';
import { configOf, parseFlags, serveOptions } from './options.ts';
import { findRunningGateway } from './running-gateway.ts';

interface Finding {
  readonly state: 'ok' | 'note' | 'failed';
  readonly part: string;
  readonly detail: string;
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check configuration, data directory, journal, database and upstreams',
  async run(context: CliContext) {
    const config = configOf(parseFlags(context.args, serveOptions), context);
    const findings: Finding[] = [
      { state: 'ok', part: 'configuration', detail: `${config.upstreams.length} upstreams, data in ${config.dataDir}` },
    ];
    findings.push(...(await storageFindings(config, context)));
    findings.push(...(await Promise.all(config.upstreams.map(upstreamFinding))));
    for (const { state, part, detail } of findings) context.print(`${state.padEnd(7)} ${part.padEnd(20)} ${detail}`);
    return findings.some(({ state }) => state === 'failed') ? exitCodes.failed : exitCodes.ok;
  },
};

async function storageFindings(config: GatewayConfig, context: CliContext): Promise<readonly Finding[]> {
  const running = await findRunningGateway(config.dataDir);
  if (running === null) return openFindings(config, context);
  const { url, pid } = running.file;
  const health: unknown = await (await running.fetch('/api/analytics/health')).json();
  const status =
    typeof health === 'object' && health !== null && 'status' in health ? String(health.status) : 'unknown';
  return [
    { state: status === 'ok' ? 'ok' : 'failed', part: 'gateway', detail: `process ${pid} at ${url} says: ${status}` },
    journalFinding(config),
  ];
}

/** No gateway runs: opens what it would open, under its lock. */
async function openFindings(config: GatewayConfig, { entries }: CliContext): Promise<readonly Finding[]> {
  const logging = startLogging({ level: 'silent' });
  const shutdown = createShutdown(logging.root);
  try {
    claimDataDir(config.dataDir, logging, shutdown);
    const { journal, warehouse, ask } = await startStorage(config, { entries, logging }, shutdown);
    const { state, detail } = journal.health();
    await ask('metrics', { range: '15m', tz: 'UTC', filter: {}, source: 'duckdb' }, AbortSignal.timeout(15_000));
    return [
      { state: 'ok', part: 'data directory', detail: 'writable, held by nobody' },
      { state: state === 'ok' ? 'ok' : 'failed', part: 'journal', detail },
      { state: 'ok', part: 'database', detail: `DuckDB answers. ${warehouse.health().detail}` },
      journalFinding(config),
    ];
  } catch (error) {
    const { code, message } = toFailure(error);
    return [
      { state: 'failed', part: code === 'warehouse_unavailable' ? 'database' : 'data directory', detail: message },
    ];
  } finally {
    await shutdown.run();
  }
}

function journalFinding({ dataDir }: GatewayConfig): Finding {
  const { ok, problems, rows, lastSeq } = checkJournal(dataDir);
  return ok
    ? { state: 'ok', part: 'journal integrity', detail: `${rows} rows, last seq ${lastSeq}` }
    : { state: 'failed', part: 'journal integrity', detail: problems.join(' ') };
}

const connectMs = 5000;

/** Can a connection be opened? Nothing is sent: a key would be needed to ask more. An upstream out of reach is a note, not a fault of ours. */
function upstreamFinding({ name, origin }: Upstream): Promise<Finding> {
  const port = Number(origin.port) || (origin.protocol === 'https:' ? 443 : 80);
  const part = `upstream ${name}`;
  return new Promise((resolve) => {
    const socket = connect({ host: origin.hostname.replace(/^\[|\]$/g, ''), port, timeout: connectMs });
    const end = (state: Finding['state'], detail: string): void => {
      socket.destroy();
      resolve({ state, part, detail: `${origin.origin} ${detail}` });
    };
    socket.once('connect', () => end('ok', 'accepts connections'));
    socket.once('timeout', () => end('note', `did not answer within ${connectMs / 1000} s`));
    socket.once('error', (error) => end('note', `cannot be reached: ${error.message}`));
  });
}
