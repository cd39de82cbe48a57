import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFile } from '../../gateway/log-file.ts';
import { startLogging } from '../../gateway/log.ts';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'aism-log-')), 'logs');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

describe('logging', () => {
  it('writes scrubbed JSON lines with the component, to stderr and to an owner-only file', async () => {
    const lines: string[] = [];
    const logging = startLogging({ level: 'info', pretty: false, stderr: { write: (line) => lines.push(line) } });
    logging.keepFile(directory);
    const error = new Error('GET https://h.example/x?key=AIzaCanary failed');
    logging
      .component('websocket')
      .warn({ err: error, headers: { authorization: 'Bearer canary' } }, 'LiveClientFailed');
    logging.component('api').debug('not shown');
    await logging.stop();
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      component: 'analytics_websocket',
      msg: 'LiveClientFailed',
    });
    expect(lines[0]).not.toMatch(/canary/i);
    const path = join(directory, 'gateway.log');
    expect(readFileSync(path, 'utf8')).toBe(lines[0]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('bounds the file in size and number', async () => {
    const file = openLogFile(directory, 1000);
    for (let index = 0; index < 200; index += 1) file.write(`${'x'.repeat(99)}\n`);
    await file.stop();
    const names = readdirSync(directory).toSorted();
    expect(names).toEqual(['gateway.1.log', 'gateway.2.log', 'gateway.log']);
    expect(names.every((name) => statSync(join(directory, name)).size <= 1100)).toBe(true);
  });

  it('goes on without a file where there can be none', async () => {
    const file = openLogFile('/dev/null/logs');
    file.write('line\n');
    await expect(file.stop()).resolves.toBeUndefined();
  });
});
