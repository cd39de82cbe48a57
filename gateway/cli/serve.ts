/** `gateway` without a command: serves until it is told to stop. */
import { exitCodes, type ReadyLine } from '../../contract/gateway-api.ts';
import { beside, guardAgainstFaults } from '../fault-guard.ts';
import { startGateway, type RunningGateway } from '../gateway.ts';
import { startLogging, type Logging } from '../log.ts';
import type { CliContext, Command } from './context.ts';
import { configOf, parseFlags, serveOptions } from './options.ts';
import { openParentPipe } from './parent-pipe.ts';
import { followSignals } from './signals.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'Run the gateway (this is what happens without a command)',
  run: runServe,
};

async function runServe(context: CliContext): Promise<number> {
  makeRoomInThePool();
  const config = configOf(parseFlags(context.args, serveOptions), context);
  const logging = beside('log', () => startLogging({ level: config.logLevel }));
  const log = logging.component('gateway');
  const { proxyFault, health } = guardAgainstFaults(log);
  const parent = openParentPipe(process.stdin, log, config.parentPipe);
  let running: RunningGateway | null = null;
  const asked = stopAsked(logging, () => running);
  void proxyFault.then((error) => running === null && die(error, logging));
  const gateway = await startGateway(config, {
    entries: context.entries,
    version: context.version,
    logging,
    background: health,
  });
  running = gateway;
  parent.onMessage((message) => gateway.configure(message));
  const ready: ReadyLine = {
    ready: true,
    url: gateway.url,
    dashboard: gateway.dashboard(),
    dataDir: config.dataDir,
    pid: process.pid,
  };
  context.print(JSON.stringify(ready));
  const crashed = proxyFault.then((error) => ({ error }));
  const reason = await Promise.race([asked, parent.ended, crashed]);
  log.info(typeof reason === 'string' ? { reason } : { reason: 'fault' }, 'GatewayStopRequested');
  await gateway.stop();
  if (typeof reason !== 'string') return die(reason.error, logging);
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

/** Resolves with the first signal that asks to stop. */
function stopAsked(logging: Logging, running: () => RunningGateway | null): Promise<string> {
  const log = logging.component('gateway');
  const giveUp = (): never => process.exit(exitCodes.failed);
  const reopenLog = (signal: NodeJS.Signals): void => {
    logging.reopenFile();
    log.info({ signal }, 'LogFileReopened');
  };
  return new Promise((resolve) => {
    followSignals({
      stop: resolve,
      hasten: () => {
        const gateway = running();
        if (gateway === null) giveUp();
        else gateway.hasten();
      },
      giveUp,
      reload: (signal) => {
        reopenLog(signal);
        running()?.reload();
      },
      reopenLog,
      ignored: (signal) => log.info({ signal }, 'SignalIgnored'),
    });
  });
}

/** The last word of a process that ends by a fault; Node's own report would print the error unscrubbed. */
function die(error: unknown, logging: Logging): never {
  logging.component('gateway').fatal({ err: error, code: 'internal' }, 'GatewayCrashed');
  process.exit(exitCodes.failed);
}
