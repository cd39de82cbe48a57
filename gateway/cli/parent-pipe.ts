/**
 * The pipe that the desktop app holds open to its gateway: lines of JSON tell what to use, the end tells to stop. It carries secrets, so
 * nothing of a line that is refused is ever logged.
 */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ParentMessage } from '../../contract/snowflake.ts';
import type { Log } from '../log.ts';

export interface ParentPipe {
  /** Resolves when the app is gone. */
  readonly ended: Promise<string>;
  /** Hands over what came so far and comes from now on. */
  onMessage(listener: (message: ParentMessage) => void): void;
}

/** @param open false: there is no app, and standard input is left alone */
export function openParentPipe(input: Readable, log: Log, open: boolean): ParentPipe {
  const early: ParentMessage[] = [];
  let listener: ((message: ParentMessage) => void) | null = null;
  const ended = new Promise<string>((resolve) => {
    if (!open) return;
    createInterface({ input }).on('line', (line) => {
      const message = parse(line, log);
      if (message === null) return;
      if (listener === null) early.push(message);
      else listener(message);
    });
    // When the app dies in any way, even killed, the system closes its end: no gateway is left behind.
    input.on('end', () => resolve('parent gone'));
    input.on('error', () => resolve('parent gone'));
  });
  return {
    ended,
    onMessage(next) {
      listener = next;
      for (const message of early.splice(0)) next(message);
    },
  };
}

/** Field names are ours, so they may be told; values never. */
function parse(line: string, log: Log): ParentMessage | null {
  const parsed = ParentMessage.safeParse(asJson(line));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, 5).map(({ path }) => path.join('.'));
  log.warn({ fields, length: line.length }, 'ParentMessageRefused');
  return null;
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // refused like any other wrong message; the parser's own words quote the line
  }
}
