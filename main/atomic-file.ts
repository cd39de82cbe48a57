import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createPrivateFolder } from './private-folder.ts';

/**
 * Writes a small private file (0600) so that a reader, or a crash at any moment, sees the old text or the new one, never a part.
 * @throws the file system's own error; the half-written copy is removed.
 */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  createPrivateFolder(dirname(path));
  const draft = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
