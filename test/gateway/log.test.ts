import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFile } from '../../gateway/log-file.ts';
import { startLogging } from '../../gateway/log.ts';
import { waitFor } from '../helpers/wait-for.ts';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'aism-log-')), 'logs');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const collecting = (lines: string[]): Writable =>
  new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });

describe('logging', () => {
  it('writes scrubbed JSON lines with the component, to stderr and to an owner-only file', async () => {
    const lines: string[] = [];
    const logging = startLogging({ level: 'info', pretty: false, stderr: collecting(lines) });
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

  it('keeps a fatal line in the file before the call returns, because the process ends next', () => {
    const logging = startLogging({ level: 'info', pretty: false, stderr: collecting([]) });
    logging.keepFile(directory);
    logging.root.fatal('GatewayCrashed');
    expect(readFileSync(join(directory, 'gateway.log'), 'utf8')).toContain('GatewayCrashed');
  });

  it('goes on in a new file when the present one was renamed', async () => {
    const file = openLogFile(directory);
    file.write('before\n');
    await waitFor(
      'the line',
      () => existsSync(join(directory, 'gateway.log')) && statSync(join(directory, 'gateway.log')).size > 0,
    );
    renameSync(join(directory, 'gateway.log'), join(directory, 'rotated'));
    file.reopen();
    file.write('after\n');
    await file.stop();
    expect(readFileSync(join(directory, 'rotated'), 'utf8')).toBe('before\n');
    expect(readFileSync(join(directory, 'gateway.log'), 'utf8')).toBe('after\n');
  });

  it('goes on in the file when the reader of stderr is gone, and says so there', async () => {
    const reader = new Writable({ write: (_line, _encoding, done) => done(new Error('write EPIPE')) });
    const logging = startLogging({ level: 'info', pretty: false, stderr: reader });
    logging.keepFile(directory);
    logging.root.info('First');
    await new Promise((resolve) => void reader.once('close', resolve));
    logging.root.info('Second');
    await logging.stop();
    expect(messagesIn(join(directory, 'gateway.log'))).toEqual(['First', 'LogReaderGone', 'Second']);
  });

  it('leaves out what a stuck reader of stderr does not take, and counts it', async () => {
    const taken: (() => void)[] = [];
    const lines: string[] = [];
    const stuck = new Writable({
      write(line, _encoding, done) {
        lines.push(String(line));
        taken.push(done);
      },
    });
    const logging = startLogging({ level: 'info', pretty: false, stderr: stuck });
    for (let index = 0; index < 3000; index += 1) logging.root.info({ text: 'x'.repeat(1000) }, 'Line');
    expect(stuck.writableLength).toBeLessThan(2 * 1024 * 1024);
    while (stuck.writableLength > 0) {
      taken.shift()?.();
      await nextTurn();
    }
    logging.root.info('Last');
    expect(lines.at(-1)).toMatch(/"LogLinesDropped","dropped":\d{3,}\}\n.*"Last"/);
    taken.shift()?.();
    await logging.stop();
  });
});

const messagesIn = (path: string): readonly unknown[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const parsed: unknown = JSON.parse(line);
      return typeof parsed === 'object' && parsed !== null && 'msg' in parsed ? parsed.msg : null;
    });
