/** `sample remove`: takes the rows of sample traffic out again, in the running gateway or in its files. */
import { exitCodes, SampleState } from '../../contract/gateway-api.ts';
import { createShutdown } from '../shutdown.ts';
import { startLogging } from '../log.ts';
import { startStorage } from '../storage.ts';
import { assertDataDirExists, claimDataDir } from '../data-dir-claim.ts';
import type { GatewayConfig } from '../config.ts';
import type { CliContext, Command } from './context.ts';
import { configOf, configOptions, parseFlags } from './options.ts';
import { findRunningGateway } from './running-gateway.ts';

export const sampleRemove: Command = {
  name: 'sample remove',
  summary: 'Remove the rows of sample traffic',
  async run(context: CliContext) {
    const config = configOf(parseFlags(context.args, configOptions), context);
    const gateway = await findRunningGateway(config.dataDir);
    if (gateway === null) {
      const removed = await removeFromFiles(config, context);
      context.print(`Removed ${removed} sample rows.`);
      return exitCodes.ok;
    }
    const body = JSON.stringify({ action: 'remove' });
    const answer = await gateway.fetch('/api/sample', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { rows } = SampleState.parse(await answer.json());
    context.print(rows === 0 ? 'Removed all sample rows.' : `${rows ?? 'An unknown number of'} sample rows are left.`);
    return rows === 0 ? exitCodes.ok : exitCodes.failed;
  },
};

/** @returns how many rows the warehouse or the journal held, whichever is more */
async function removeFromFiles(config: GatewayConfig, { entries }: CliContext): Promise<number> {
  const logging = startLogging({ level: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const shutdown = createShutdown(logging.root);
  try {
    assertDataDirExists(config.dataDir);
    const { lock } = claimDataDir(config.dataDir, logging, shutdown);
    const { journal, warehouse } = await startStorage(config, { entries, logging, lock }, shutdown);
    const fromJournal = await journal.removeSample();
    return Math.max(fromJournal, await warehouse.removeSample());
  } finally {
    await shutdown.run();
    await logging.stop();
  }
}
