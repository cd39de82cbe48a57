import electronLog from 'electron-log/main';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Log } from './log.ts';
import { scrub } from '../contract/scrub.ts';

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY });

/**
 * Log files of the app in `<logsDir>/main.log`, rotated at 5 MB, scrubbed of secrets; uncaught errors land there too.
 * @param onUncaught hears of an error that nobody caught, after it was logged
 */
export function startLogging(logsDir: string, verbose: boolean, onUncaught: (error: Error) => void): Log {
  // The terminal may be closed. Unheard, its error would be logged to it again, and the app's gateway would end with the app.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  electronLog.transports.file.resolvePathFn = () => join(logsDir, 'main.log');
  electronLog.transports.file.maxSize = 5 * 1024 * 1024;
  electronLog.transports.file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  electronLog.transports.console.level = verbose ? 'info' : 'warn';
  electronLog.transports.console.writeFn = ({ message }) =>
    process.stderr.write(`${message.data.map(asText).join(' ')}\n`);
  electronLog.hooks.push((message) => ({ ...message, data: message.data.map((part: unknown) => scrub(asText(part))) }));
  electronLog.errorHandler.startCatching({
    showDialog: false,
    onError({ error, errorName }) {
      electronLog.error(`${errorName} ${error.stack ?? error.message}`);
      onUncaught(error);
      return false; // logged already
    },
  });
  return electronLog;
}
