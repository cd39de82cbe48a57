/** The one line of a log that must not wait for its turn: the process ends next, so nothing is left that waiting could hold up. */
import { appendFileSync, mkdirSync } from 'node:fs';

export function writeLastLine(directory: string, path: string, line: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    appendFileSync(path, line, { mode: 0o600 });
  } catch {
    // stderr has the line as well
  }
}
