import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const entry = resolve(import.meta.dirname, '../../gateway/index.ts');
const handedOver = [3, 4, 17]; // next to the standard streams, and with a gap, as an app's open files have

test.skipIf(process.platform !== 'linux')(
  'a gateway of the app closes the sockets that came with it, before it is ready, and keeps its standard streams',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'aism-inherited-'));
    const stdio = Array.from({ length: 18 }, (_, file) => (file < 3 || handedOver.includes(file) ? 'pipe' : 'ignore'));
    const gateway = spawn(process.execPath, [entry, '--parent-pipe', '--port', '0', '--data-dir', dataDir], {
      stdio: stdio as ('pipe' | 'ignore')[],
      env: { ...process.env, AISM_LOG_LEVEL: 'error' },
    });
    try {
      const seen: string[] = [];
      for (const file of handedOver) {
        const ours = gateway.stdio[file] as Readable;
        ours.on('end', () => seen.push(`closed ${file}`)).resume();
      }
      createInterface({ input: gateway.stdout as Readable }).on('line', () => seen.push('ready'));
      await expect.poll(() => seen.includes('ready'), { timeout: 20_000 }).toBe(true);
      expect(seen.at(-1)).toBe('ready');
      expect(seen.slice(0, -1).toSorted()).toEqual(handedOver.map((file) => `closed ${file}`).toSorted());
    } finally {
      const exited = once(gateway, 'exit');
      gateway.stdin?.end(); // the parent pipe still stops it
      expect(await exited).toEqual([0, null]);
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);
