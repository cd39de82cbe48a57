import { closeSync, fstatSync, readdirSync } from 'node:fs';

const standardStreams = 3;

/**
 * Closes every socket that came with this process besides its standard streams. Call it first: Node itself has none before the gateway opens one.
 * Chromium leaves the close-on-exec flag off, so a gateway started by the desktop app holds copies of the app's sockets. While such a copy is open
 * the app does not learn that its graphics process ended, and its window waits for that process forever. Only Linux hands files on like this.
 */
export function closeInheritedSockets(): void {
  if (process.platform !== 'linux') return;
  for (const file of openFiles()) if (file >= standardStreams) closeSocket(file);
}

function openFiles(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return []; // a container may hide /proc
  }
}

function closeSocket(file: number): void {
  try {
    if (fstatSync(file).isSocket()) closeSync(file);
  } catch {
    // closed since it was listed, as the listing's own file is
  }
}
