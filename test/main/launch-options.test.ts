import { describe, expect, test } from 'vitest';
import { readLaunchOptions } from '../../main/launch-options.ts';

const read = (argv: readonly string[], env: Record<string, string> = {}) => readLaunchOptions(argv, env, '/srv');

describe('the options of a launch', () => {
  test('are nothing special by default, whatever Chromium is told', () => {
    expect(read(['--no-sandbox', '--remote-debugging-port=0', '.', '--enable-features=A,B'])).toEqual({
      dataDir: null,
      port: null,
      upstreams: [],
      demo: false,
      hidden: false,
      tray: 'auto',
    });
  });

  test('come from the command line before the environment', () => {
    const env = { AISM_DATA_DIR: '/env', AISM_PORT: '1', AISM_TRAY: 'off' };
    expect(
      read(
        [
          '.',
          '--data-dir',
          'mine',
          '--port=9000',
          '--demo',
          '--hidden',
          '--upstream',
          'a=http://x',
          '--upstream',
          'b=http://y',
        ],
        env,
      ),
    ).toEqual({
      dataDir: '/srv/mine',
      port: 9000,
      upstreams: ['a=http://x', 'b=http://y'],
      demo: true,
      hidden: true,
      tray: 'off',
    });
    expect(read(['.'], env)).toMatchObject({ dataDir: '/env', port: 1 });
  });

  test.each(['eighty', '-1', '65536', '1.5'])('name a port that is none (%s)', (port) => {
    expect(() => read([`--port=${port}`])).toThrow(`not '${port}'`);
  });

  test('name a tray wish that is none', () => {
    expect(() => read([], { AISM_TRAY: 'maybe' })).toThrow("AISM_TRAY must be auto, on or off, not 'maybe'");
  });
});
