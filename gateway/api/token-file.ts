/**
 * `control.token`: the token of the control API, the same at every start, so that what was set up with it (a Prometheus server, a script) goes on
 * working. It is the bare token, which such programs can read from a file. Whoever wants a new one removes the file before a start.
 */
import { dataFiles } from '../config.ts';
import type { FileFaults } from '../file-faults.ts';
import type { Log } from '../log.ts';
import { readTextPatiently, writePrivateText } from '../private-file.ts';
import { createToken, isToken } from './token.ts';

/** Never rejects: where the file cannot be read or written, the token is for this run only, and health and log say so. */
export async function openToken(
  dataDir: string,
  faults: Pick<FileFaults, 'note'>,
  log: Pick<Log, 'warn'>,
): Promise<string> {
  const path = dataFiles(dataDir).token;
  try {
    const kept = (await readTextPatiently(path))?.trim();
    if (kept !== undefined && isToken(kept)) return kept;
    const token = createToken();
    await writePrivateText(path, `${token}\n`);
    if (kept !== undefined) log.warn({}, 'ControlTokenReplaced'); // the file held something else
    return token;
  } catch (error) {
    log.warn({ err: error }, 'ControlTokenNotKept');
    const reason = error instanceof Error ? error.message : String(error);
    faults.note('control.token', `The token of this run is not the one in control.token (${reason}).`);
    return createToken();
  }
}
