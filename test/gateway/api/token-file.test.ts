import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openToken } from '../../../gateway/api/token-file.ts';
import { createFileFaults, type FileFaults } from '../../../gateway/file-faults.ts';

let dataDir: string;
let faults: FileFaults;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aism-token-'));
  faults = createFileFaults();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const path = () => join(dataDir, 'control.token');
const open = () => openToken(dataDir, faults, { warn: () => undefined });

describe('the token of the control API', () => {
  it('is the same at every start, and its file holds it alone, for its owner', async () => {
    const token = await open();
    expect(await open()).toBe(token);
    expect(readFileSync(path(), 'utf8')).toBe(`${token}\n`);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it('is new when its file was removed', async () => {
    const token = await open();
    rmSync(path());
    expect(await open()).not.toBe(token);
  });

  it.each(['', 'short', 'x'.repeat(64), `${'a'.repeat(64)} ${'b'.repeat(64)}`])(
    'is replaced when its file holds %j',
    async (text) => {
      writeFileSync(path(), text);
      const token = await open();
      expect(token).toMatch(/^[0-9a-f]{64}$/);
      expect(await open()).toBe(token);
      expect(faults.health().state).toBe('ok');
    },
  );

  it('is for one run only when its file cannot be read, and health says so', async () => {
    mkdirSync(path());
    const token = await open();
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(await open()).not.toBe(token);
    expect(statSync(path()).isDirectory()).toBe(true);
    expect(faults.health()).toMatchObject({ state: 'degraded', detail: expect.stringContaining('control.token') });
  });
});
