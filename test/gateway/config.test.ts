import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { loadConfig, type GatewayConfig } from '../../gateway/config.ts';
import type { ConfigSources } from '../../gateway/config-layers.ts';
import { platformDataDir } from '../../gateway/data-dir.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aism-config-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = (name: string, content: string): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};
const load = (sources: Partial<ConfigSources>): GatewayConfig => loadConfig({ flags: {}, env: {}, ...sources });
const refusal = (sources: Partial<ConfigSources>): AppError => {
  try {
    load(sources);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted');
};

describe('where values come from', () => {
  it('takes the strongest source: flags, environment, .env, settings file, defaults', () => {
    const settingsFile = file(
      'settings.json',
      '{"port": 1004, "logLevel": "debug", "host": "localhost", "keepDays": 4}',
    );
    const envFile = file('.env', 'AISM_PORT=1003\nAISM_LOG_LEVEL=warn\nAISM_HOST=::1\n');
    const env = { AISM_PORT: '1002', AISM_LOG_LEVEL: 'error' };
    const all = { settingsFile, envFile, env };
    const config = load({ ...all, flags: { port: '1001' } });
    expect(config).toMatchObject({ port: 1001, logLevel: 'error', host: '::1' });
    expect(config.journal.keepDays).toBe(4);
    expect(load(all).port).toBe(1002);
    expect(load({ settingsFile, envFile }).port).toBe(1003);
    expect(load({ settingsFile }).port).toBe(1004);
    expect(load({}).port).toBe(8787);
  });

  it.each(['aism.example', 'aism.example:443', '10.0.0.2:80', '::1', '[::1]:9000', 'host.docker.internal'])(
    'takes %s as a further name of the gateway',
    (name) => expect(load({ flags: { 'allow-host': [name] } }).allowedHosts).toEqual([name]),
  );

  it.each(['aism.example:0', 'aism.example:65536', 'https://aism.example', 'aism.example/x', ':443', 'a b'])(
    'refuses %s as a further name of the gateway',
    (name) => expect(refusal({ flags: { 'allow-host': [name] } })).toMatchObject({ field: '--allow-host' }),
  );

  it('reads no answer on after its client left, unless told to', () => {
    expect(load({}).proxy.drainMs).toBe(0);
    expect(load({ flags: { 'drain-ms': '5000' } }).proxy.drainMs).toBe(5000);
    expect(load({ env: { AISM_DRAIN_MS: '60000' } }).proxy.drainMs).toBe(60_000);
  });

  it('keeps user names as said, unless told otherwise', () => {
    expect(load({}).userIds).toBe('plain');
    expect(load({ env: { AISM_USER_IDS: 'hashed' } }).userIds).toBe('hashed');
    expect(load({ flags: { 'user-ids': 'none' }, env: { AISM_USER_IDS: 'hashed' } }).userIds).toBe('none');
    expect(refusal({ flags: { 'user-ids': 'secret' } })).toMatchObject({
      field: '--user-ids',
      message: expect.stringContaining('Accepted: plain, hashed, none'),
    });
  });

  it('treats an empty environment variable as not set', () => {
    expect(load({ env: { AISM_PORT: '' } }).port).toBe(8787);
  });

  it('goes on without a .env file and stops without the settings file that was named', () => {
    expect(load({ envFile: join(directory, 'none') }).port).toBe(8787);
    expect(refusal({ settingsFile: join(directory, 'none.json') })).toMatchObject({
      code: 'bad_config',
      field: '--config',
    });
  });

  it('cannot be changed afterwards', () => {
    const config = load({});
    expect(Object.isFrozen(config) && Object.isFrozen(config.journal) && Object.isFrozen(config.upstreams)).toBe(true);
  });
});

describe('a bad value', () => {
  it.each([
    [{ flags: { port: '70000' } }, '--port', 'the command line', '0 to 65535'],
    [{ env: { AISM_PORT: 'http' } }, 'AISM_PORT', 'the environment', '0 to 65535'],
    [{ env: { AISM_LOG_LEVEL: 'loud' } }, 'AISM_LOG_LEVEL', 'the environment', 'trace, debug'],
    [{ flags: { 'journal-sync': 'OFF' } }, '--journal-sync', 'the command line', 'FULL, NORMAL'],
    [{ flags: { 'drain-ms': '60001' } }, '--drain-ms', 'the command line', '0 to 60000'],
    [{ env: { AISM_DEMO: 'maybe' } }, 'AISM_DEMO', 'the environment', 'true, false'],
    [{ flags: { upstream: ['x=ftp://a'] } }, '--upstream', 'the command line', 'name=url'],
    [{ flags: { upstream: ['x:mistral=http://a'] } }, '--upstream', 'the command line', 'google, openai'],
    [{ env: { AISM_UPSTREAM_MY_LLM: 'nowhere' } }, 'AISM_UPSTREAM_MY_LLM', 'the environment', 'name=url'],
    [{ env: { SNOWFLAKE_ACCOUNT: 'https://x.y' } }, 'SNOWFLAKE_ACCOUNT', 'the environment', 'account identifier'],
  ] as const)('%j is named with its source and what is accepted', (sources, name, source, accepted) => {
    const error = refusal(sources);
    expect(error.code).toBe('bad_config');
    expect(error.field).toBe(name);
    expect(error.message).toContain(name);
    expect(error.message).toContain(source);
    expect(error.message).toContain(accepted);
  });

  it('in a file is named with the path of the file', () => {
    const settingsFile = file('settings.json', '{"port": "many"}');
    expect(refusal({ settingsFile }).message).toContain(settingsFile);
    expect(refusal({ settingsFile: file('typo.json', '{"prot": 1}') })).toMatchObject({
      code: 'bad_config',
      field: 'prot',
    });
  });

  it('never shows a password or a key of a URL', () => {
    expect(refusal({ flags: { upstream: ['x=https://user:hunter2@host/'] } }).message).not.toContain('hunter2');
    expect(refusal({ flags: { upstream: ['x=https://host/?key=AIzaSecret'] } }).message).not.toContain('AIzaSecret');
  });
});

describe('upstreams', () => {
  it('are the three known APIs by default', () => {
    expect(load({}).upstreams.map(({ name, provider, origin }) => [name, provider, origin.href])).toEqual([
      ['gemini', 'google', 'https://generativelanguage.googleapis.com/'],
      ['openai', 'openai', 'https://api.openai.com/'],
      ['anthropic', 'anthropic', 'https://api.anthropic.com/'],
    ]);
  });

  it('are replaced or added by name, and their format is said, known by host, or guessed by name', () => {
    const upstreams = load({
      env: { AISM_UPSTREAM_GEMINI: 'http://127.0.0.1:1', AISM_UPSTREAM_MY_LLM: 'http://llm.local/base' },
      flags: {
        upstream: [
          'gemini=http://127.0.0.1:2',
          'claude-eu=https://eu.example',
          'x:openai=https://x.example',
          'y=https://eu.api.openai.com',
        ],
      },
    }).upstreams;
    expect(upstreams.map(({ name, provider, origin }) => [name, provider, origin.href])).toEqual([
      ['gemini', 'google', 'http://127.0.0.1:2/'],
      ['openai', 'openai', 'https://api.openai.com/'],
      ['anthropic', 'anthropic', 'https://api.anthropic.com/'],
      ['my-llm', 'other', 'http://llm.local/base'],
      ['claude-eu', 'anthropic', 'https://eu.example/'],
      ['x', 'openai', 'https://x.example/'],
      ['y', 'openai', 'https://eu.api.openai.com/'],
    ]);
  });

  it.each(['api', 'ui', 'ws', 'v1beta', 'metrics', 'sample-gemini'])('cannot take the reserved name %s', (name) => {
    expect(refusal({ flags: { upstream: [`${name}=http://a`] } }).message).toContain('reserved');
  });
});

describe('a listener beyond this machine', () => {
  it.each(['0.0.0.0', '::', '192.168.1.4', 'gateway.example'])('%s needs a certificate and its key', (host) => {
    const error = refusal({ flags: { host } });
    expect(error).toMatchObject({ code: 'bad_config', field: '--host' });
    expect(error.message).toContain('--tls-cert');
    const certFile = file('cert.pem', 'x');
    const keyFile = file('key.pem', 'x');
    expect(refusal({ flags: { host, 'tls-cert': certFile } }).field).toBe('--tls-key');
    expect(load({ flags: { host, 'tls-cert': certFile, 'tls-key': keyFile } }).tls).toEqual({ certFile, keyFile });
  });

  it.each(['127.0.0.1', '127.0.0.2', '::1', 'localhost'])('%s is this machine and needs none', (host) => {
    expect(load({ flags: { host } }).tls).toBeNull();
  });

  it('names a certificate that cannot be read', () => {
    expect(refusal({ flags: { 'tls-cert': join(directory, 'none.pem') } }).message).toContain('--tls-cert');
  });
});

describe('the data directory', () => {
  it('follows the platform', () => {
    expect(platformDataDir({ XDG_DATA_HOME: '/x' }, 'linux', '/home/u')).toBe('/x/ai-studio-monitor');
    expect(platformDataDir({ XDG_DATA_HOME: 'relative' }, 'linux', '/home/u')).toBe(
      '/home/u/.local/share/ai-studio-monitor',
    );
    expect(platformDataDir({}, 'darwin', '/Users/u')).toBe('/Users/u/Library/Application Support/ai-studio-monitor');
    expect(platformDataDir({ LOCALAPPDATA: 'C:/L' }, 'win32', 'C:/u')).toContain('ai-studio-monitor');
  });
});
