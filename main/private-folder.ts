import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder, and those above it, for their owner only. Level by level: Node's own recursive mkdir never ends where a parent exists and
 * takes no children (`/proc/x`).
 * @throws the file system's own error, `EEXIST` where a file has that name.
 */
export function createPrivateFolder(path: string): void {
  if (existsSync(path)) return void mkdirSync(path, { recursive: true }); // throws when it is a file
  const parent = dirname(path);
  if (parent !== path) createPrivateFolder(parent); // a drive that is not there is its own parent
  mkdirSync(path, { mode: 0o700 });
}
