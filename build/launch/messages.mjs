/**
 * What the launcher says goes to stderr: stdout belongs to the program it starts (the gateway's first line there is JSON).
 */

/** A fault the user can act on: shown as its message, without a stack. */
export class LaunchError extends Error {
  /** @override */
  name = 'LaunchError';
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * What went wrong, in one line, for a message.
 * @param {unknown} error
 */
export function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}
