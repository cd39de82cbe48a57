/** `gateway` without a command: serves until it is told to stop. */
import { exitCodes, type ReadyLine } from '../../contract/gateway-api.ts';
import { startGateway } from '../gateway.ts';
import { startLogging, type Log } from '../log.ts';
import type { CliContext, Command } from './context.ts';
import { configOf, parseFlags, serveOptions } from './options.ts';
import { openParentPipe } from './parent-pipe.ts';
import { stopRequests } from './stop-requests.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'Run the gateway (this is what happens without a command)',
  run: runServe,
};

async function runServe(context: CliContext): Promise<number> {
  makeRoomInThePool();
  const config = configOf(parseFlags(context.args, serveOptions), context);
  const logging = startLogging({ level: config.logLevel });
  const log = logging.component('gateway');
  dieLoudly(log);
  const parent = openParentPipe(process.stdin, log, config.parentPipe);
  const stopping = stopRequests(parent.ended);
  const gateway = await startGateway(config, { entries: context.entries, version: context.version, logging });
  parent.onMessage((message) => gateway.configure(message));
  const ready: ReadyLine = {
    ready: true,
    url: gateway.url,
    dashboard: gateway.dashboard(),
    dataDir: config.dataDir,
    pid: process.pid,
  };
  context.print(JSON.stringify(ready));
  log.info({ reason: await stopping }, 'GatewayStopRequested');
  await gateway.stop();
  log.info('GatewayStopped');
  await logging.stop();
  return exitCodes.ok;
}

/**
 * File work, name look-ups and decompression share libuv's pool of four threads. A data directory that hangs can hold a dozen of them (one for each
 * file: settings, prices, log, journal's sync and state …), and calls need the others. The pool reads this at its first use.
 */
function makeRoomInThePool(): void {
  process.env['UV_THREADPOOL_SIZE'] ??= '24';
}

/** A bug must not end in Node's own report: that one prints the error unscrubbed. */
function dieLoudly(log: Log): void {
  const die = (error: unknown): void => {
    log.fatal({ err: error, code: 'internal' }, 'GatewayCrashed');
    process.exit(exitCodes.failed);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}
