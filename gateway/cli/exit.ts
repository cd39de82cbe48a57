/** How a command that failed ends: one line that says what is wrong and what to do, and a documented exit code. */
import { exitCodes } from '../../contract/gateway-api.ts';
import { AppError, toFailure } from '../../contract/errors.ts';
import { startLogging } from '../log.ts';
import { scrub } from '../../contract/scrub.ts';

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AppError)) return exitCodes.failed;
  if (error.code === 'bad_config' || error.code === 'bad_request') return exitCodes.badUsage;
  const held = error.code === 'already_running' || error.code === 'port_in_use' || error.code === 'data_dir_unusable';
  return held ? exitCodes.heldOrUnusable : exitCodes.failed;
}

/** For a person plain words, for a program (stderr is no terminal) a JSON log line with the stable code. */
export function reportFailure(error: unknown): void {
  const { code, message, field } = toFailure(error);
  if (process.stderr.isTTY) {
    process.stderr.write(`${scrub(message)}\n`);
    return;
  }
  const log = startLogging({ level: 'info', pretty: false }).component('gateway');
  const stack = error instanceof AppError ? {} : { err: error };
  log.fatal({ code, ...(field === undefined ? {} : { field }), ...stack }, message);
}
