import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { explainExit, findFreePort } from '../../main/gateway-exit.ts';

const exit = (code: number | null, lines: readonly (string | object)[], signal: NodeJS.Signals | null = null) =>
  explainExit({
    code,
    signal,
    lastLines: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))),
  });

describe('the reason of an exit', () => {
  test('is the last coded line, whatever came after it', () => {
    const lines = [
      { level: 'info', msg: 'starting' },
      { level: 'fatal', code: 'port_in_use', msg: 'Port 8787 is taken by process 7 (node)' },
      { level: 'info', msg: 'bye' },
    ];
    expect(exit(3, lines)).toEqual({ kind: 'port_in_use', message: 'Port 8787 is taken by process 7 (node)' });
  });

  test('is found inside an error object and in numeric levels', () => {
    const line = { level: 60, msg: 'GatewayStartFailed', err: { code: 'already_running', message: 'held by 9' } };
    expect(exit(3, [line])).toMatchObject({ kind: 'already_running' });
  });

  test('is read from plain text when the log is not JSON', () => {
    expect(exit(3, ['Port 8787 is already in use'])).toMatchObject({
      kind: 'port_in_use',
      message: 'Port 8787 is already in use',
    });
    expect(exit(3, ['Another instance holds /data'])).toMatchObject({ kind: 'already_running' });
    expect(exit(3, ['/data cannot be written'])).toMatchObject({ kind: 'data_dir_unusable' });
    expect(exit(2, ['Bad value for --port'])).toEqual({ kind: 'bad_config', message: 'Bad value for --port' });
  });

  test('is a crash for everything else, with how it ended', () => {
    expect(exit(null, [], 'SIGKILL')).toEqual({ kind: 'crash', message: 'signal SIGKILL' });
    expect(exit(1, [{ level: 'error', msg: 'out of luck' }])).toEqual({
      kind: 'crash',
      message: 'code 1: out of luck',
    });
    expect(exit(134, ['Native stack trace'])).toEqual({ kind: 'crash', message: 'code 134' });
    expect(exit(null, ['spawn node ENOENT'])).toEqual({ kind: 'crash', message: 'spawn node ENOENT' });
  });

  test('does not take a provider’s error code for ours', () => {
    expect(exit(1, [{ level: 'error', code: 'ECONNRESET', msg: 'reset' }])).toEqual({
      kind: 'crash',
      message: 'code 1: reset',
    });
  });
});

test('a free port is near the wanted one and really free', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const wanted = typeof address === 'object' && address !== null ? address.port : 0;
  const port = (await findFreePort(wanted)) ?? 0;
  expect(port).not.toBe(wanted);
  const free = createServer().listen(port, '127.0.0.1');
  await once(free, 'listening');
  free.close();
  taken.close();
});
