import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../gateway/config.ts';
import { parseFlags, serveOptions } from '../../gateway/cli/options.ts';
import { choiceFrom, gatewayFlags, thisRun, type GatewayChoice } from '../../main/gateway-settings.ts';

const chosen: GatewayChoice = {
  host: '127.0.0.1',
  tlsCert: null,
  tlsKey: null,
  upstreams: [
    { name: 'mine', url: 'https://llm.example.com/base', provider: 'openai' },
    { name: 'gemini', url: 'https://proxy.example.com', provider: null },
  ],
  streamUsage: false,
  drainMs: 4000,
  userIds: 'hashed',
};
const configOf = (choice: GatewayChoice | null, env = {}) =>
  loadConfig({ flags: parseFlags(gatewayFlags(choice), serveOptions), env });

describe('the flags of the gateway', () => {
  it('are none while nothing was chosen, so that its environment holds', () => {
    expect(gatewayFlags(null)).toEqual([]);
    expect(configOf(null, { AISM_DRAIN_MS: '70' }).proxy.drainMs).toBe(70);
  });

  it('say to the gateway what was chosen, and go before its environment', () => {
    const config = configOf(chosen, { AISM_DRAIN_MS: '70', AISM_STREAM_USAGE: 'true', AISM_USER_IDS: 'none' });
    expect(config).toMatchObject({ host: '127.0.0.1', userIds: 'hashed' });
    expect(config.proxy).toMatchObject({ drainMs: 4000, includeStreamUsage: false });
    const upstreams = config.upstreams.map(({ name, provider, origin }) => [name, provider, origin.href]);
    expect(upstreams).toEqual([
      ['gemini', 'google', 'https://proxy.example.com/'],
      ['openai', 'openai', 'https://api.openai.com/'],
      ['anthropic', 'anthropic', 'https://api.anthropic.com/'],
      ['mine', 'openai', 'https://llm.example.com/base'],
    ]);
  });
});

describe('what the form begins with', () => {
  it('is what the environment of the gateway sets', () => {
    expect(
      choiceFrom({ AISM_HOST: '::1', AISM_DRAIN_MS: '5000', AISM_STREAM_USAGE: 'off', AISM_USER_IDS: 'none' }),
    ).toEqual({
      host: '::1',
      tlsCert: null,
      tlsKey: null,
      upstreams: [],
      streamUsage: false,
      drainMs: 5000,
      userIds: 'none',
    });
  });

  it('is the gateway’s own where nothing is set, or nothing usable', () => {
    const { host, port, proxy, userIds } = loadConfig({ flags: {}, env: {} });
    expect(port).toBe(8787);
    expect(choiceFrom({})).toMatchObject({
      host,
      userIds,
      drainMs: proxy.drainMs,
      streamUsage: proxy.includeStreamUsage,
    });
    expect(choiceFrom({ AISM_DRAIN_MS: 'soon', AISM_USER_IDS: 'secret' })).toEqual(choiceFrom({}));
    expect(choiceFrom({ AISM_DRAIN_MS: '-3' })).toEqual(choiceFrom({}));
  });
});

describe('what the command line of the app sets', () => {
  it('is said, and nothing is said without it', () => {
    expect(thisRun({ port: null, upstreams: [] })).toEqual([]);
    const notes = thisRun({ port: 9000, upstreams: ['gemini=http://127.0.0.1:1', 'mine:openai=http://127.0.0.1:2'] });
    expect(notes[0]).toContain('port 9000');
    expect(notes[1]).toContain('gemini, mine');
  });
});
