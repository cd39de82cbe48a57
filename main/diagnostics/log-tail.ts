import { open } from 'node:fs/promises';

/** Enough for the lines asked for; a line that is longer than all of this is cut at its beginning. */
const readBytes = 512 * 1024;

/** The last lines of a log, oldest first. A missing file has none. */
export async function lastLines(path: string, count: number): Promise<readonly string[]> {
  const text = await endOf(path);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}

async function endOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - readBytes);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
