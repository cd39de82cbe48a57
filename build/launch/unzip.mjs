import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { startProgress } from './progress.mjs';

const permissionBits = 0o777;

/**
 * Unpacks the wanted files of a zip, with their permissions. Links are not made: a link could lead outside the target.
 * @param {{ archive: string, target: string, keep: (path: string) => string | null, label: string }} job `keep` names each file's place
 * below `target`, or null to leave it out
 */
export async function unzip({ archive, target, keep, label }) {
  const { openPromise } = await import('yauzl');
  const sizing = await openPromise(archive);
  let totalBytes = 0;
  for await (const entry of sizing.eachEntry()) if (keep(entry.fileName) !== null) totalBytes += entry.uncompressedSize;
  const progress = startProgress(label, totalBytes);
  const zip = await openPromise(archive);
  let doneBytes = 0;
  for await (const entry of zip.eachEntry()) {
    const name = keep(entry.fileName);
    if (name === null) continue;
    const path = join(target, name);
    await mkdir(dirname(path), { recursive: true });
    const mode = (entry.externalFileAttributes >>> 16) & permissionBits;
    const content = await zip.openReadStreamPromise(entry);
    content.on('data', (chunk) => progress.update((doneBytes += chunk.length)));
    await pipeline(content, createWriteStream(path, { mode: mode === 0 ? 0o644 : mode }));
  }
  progress.done();
}
