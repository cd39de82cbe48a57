import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAttribution, type AttributedHead } from '../../../gateway/usage/attribution.ts';

const salt = 'install-salt';
const key = 'AIzaSyExample-0123456789-wxyz';
const hash = (secret: string): string => createHmac('sha256', salt).update(secret).digest('hex').slice(0, 8);

function head(headers: readonly string[] = [], rest: Partial<AttributedHead> = {}): AttributedHead {
  return {
    headers,
    query: new URLSearchParams(),
    remoteAddress: '192.0.2.7',
    startedAt: new Date('2026-11-20T10:00:00Z'),
    ...rest,
  };
}
const identify = (headers: readonly string[], rest?: Partial<AttributedHead>) =>
  createAttribution(salt).identify(head(headers, rest));

describe('key id', () => {
  it.each([
    ['authorization', ['Authorization', `Bearer ${key}`]],
    ['authorization in odd case', ['AUTHORIZATION', `bearer  ${key}`]],
    ['x-goog-api-key', ['X-Goog-Api-Key', key]],
    ['x-api-key', ['x-api-key', key]],
    ['api-key', ['api-key', key]],
  ])('comes from %s as hash and last four', (_where, headers) => {
    expect(identify(headers).keyId).toBe(`${hash(key)}…wxyz`);
  });

  it.each(['key', 'access_token'])('comes from the query parameter %s', (name) => {
    expect(identify([], { query: new URLSearchParams({ [name]: key }) }).keyId).toBe(`${hash(key)}…wxyz`);
  });

  it('shows no end of a short key or of a Basic credential', () => {
    expect(identify(['x-api-key', 'short-key-1']).keyId).toBe(`${hash('short-key-1')}…`);
    expect(identify(['authorization', 'Basic dXNlcjpwYXNzd29yZA==']).keyId).toMatch(/^[0-9a-f]{8}…$/);
  });

  it('is null without a key and differs between installs', () => {
    expect(identify([]).keyId).toBeNull();
    expect(createAttribution('another').identify(head(['x-api-key', key])).keyId).not.toBe(
      identify(['x-api-key', key]).keyId,
    );
  });

  it('never holds more of a key than its last four characters', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 9, maxLength: 80, unit: fc.constantFrom(...'GHJKLMNPQRSTUVWXYZghjkmnpqrstuvwxyz-_') }),
        (secret) => {
          for (const headers of [
            ['x-api-key', secret],
            ['Authorization', `Bearer ${secret}`],
            ['authorization', secret],
          ]) {
            const said = JSON.stringify(identify(headers));
            for (let at = 0; at + 5 <= secret.length; at += 1) expect(said).not.toContain(secret.slice(at, at + 5));
          }
        },
      ),
    );
  });
});

describe('client', () => {
  it.each([
    [
      'google-genai-js/3.1.0',
      [
        'User-Agent',
        'google-genai-sdk/3.1.0 gl-node/v24.21.0',
        'x-goog-api-client',
        'google-genai-sdk/3.1.0 gl-node/v24.21.0',
      ],
    ],
    ['google-genai-python/1.2.3', ['user-agent', 'google-genai-sdk/1.2.3 gl-python/3.13.1']],
    ['google-genai-go/1.0.0', ['x-goog-api-client', 'google-genai-sdk/1.0.0 gl-go/go1.24']],
    ['openai-js/7.57.0', ['User-Agent', 'OpenAI/JS 7.57.0']],
    ['openai-python/2.1.0', ['User-Agent', 'AsyncOpenAI/Python 2.1.0']],
    [
      'anthropic-js/1.12.0',
      ['User-Agent', 'Anthropic/JS 1.12.0', 'X-Stainless-Lang', 'js', 'X-Stainless-Package-Version', '1.12.0'],
    ],
    ['openai-js/7.57.0', ['x-stainless-lang', 'js', 'x-stainless-package-version', '7.57.0', 'user-agent', '_x/JS']],
    [
      'anthropic-js/1.12.0',
      ['x-stainless-lang', 'js', 'x-stainless-package-version', '1.12.0', 'anthropic-version', '2023-06-01'],
    ],
    ['curl/8.5.0', ['user-agent', 'curl/8.5.0']],
    ['python-requests/2.32', ['user-agent', 'python-requests/2.32 extra (comment)']],
  ])('%s', (client, headers) => {
    expect(identify(headers).client).toBe(client);
  });

  it('is bounded, printable, and null when nothing is said', () => {
    expect(identify(['user-agent', `x\u0001\u00ff${'y'.repeat(200)}`]).client).toBe(`x${'y'.repeat(63)}`);
    expect(identify(['user-agent', '   ']).client).toBeNull();
    expect(identify([]).client).toBeNull();
  });
});

describe('session', () => {
  const at = (minutes: number) => ({ startedAt: new Date(Date.UTC(2026, 10, 20, 10, minutes)) });

  it('named in the header wins, cleaned and bounded', () => {
    expect(identify(['X-Aism-Session', 'night run\u0007 7']).sessionId).toBe('night run 7');
    expect(identify(['x-aism-session', 's'.repeat(500)]).sessionId).toHaveLength(128);
  });

  it('is one for calls of the same key, address and client within 30 idle minutes', () => {
    const attribution = createAttribution(salt);
    const session = (minutes: number, rest: Partial<AttributedHead> = {}, headers = ['x-api-key', key]) =>
      attribution.identify(head(headers, { ...at(minutes), ...rest })).sessionId;
    const first = session(0);
    expect(first).toMatch(/^s-[0-9a-f]{10}$/);
    expect(session(29)).toBe(first);
    expect(session(59)).toBe(first);
    expect(session(30, { remoteAddress: '192.0.2.8' })).not.toBe(first);
    expect(session(30, {}, ['x-api-key', `${key}2`])).not.toBe(first);
    expect(session(30, {}, ['x-api-key', key, 'user-agent', 'curl/8'])).not.toBe(first);
    expect(session(90)).not.toBe(first);
  });

  it('does not remember callers without bound', () => {
    const attribution = createAttribution(salt);
    const caller = (index: number) =>
      attribution.identify(head([], { remoteAddress: `10.0.${index >> 8}.${index & 255}` })).sessionId;
    const first = caller(0);
    for (let index = 1; index <= 10_001; index += 1) caller(index);
    expect(attribution.identify(head([], { remoteAddress: '10.0.0.0', ...at(1) })).sessionId).not.toBe(first);
    expect(caller(10_001)).toBe(caller(10_001));
  });
});

describe('user and tags', () => {
  it('come from x-aism headers as given, UTF-8 included', () => {
    const latin1 = Buffer.from('Jürgen Ünal').toString('latin1');
    expect(identify(['x-aism-user', latin1, 'X-Aism-Tag-Team', 'core', 'x-aism-tag-env', 'prod'])).toMatchObject({
      userId: 'Jürgen Ünal',
      tags: { team: 'core', env: 'prod' },
    });
    expect(identify(['x-aism-user', 'J\u00fcrgen']).userId).toBe('Jürgen');
  });

  it('are bounded: 16 tags, plain names, no tag that marks sample traffic', () => {
    const many = Array.from({ length: 40 }, (_, index) => [`x-aism-tag-t${index}`, 'v']).flat();
    expect(Object.keys(identify(many).tags)).toHaveLength(16);
    expect(
      identify(['x-aism-tag-aism', 'sample', 'x-aism-tag-', 'x', 'x-aism-tag-a b', 'x', 'x-aism-tag-ok', '']).tags,
    ).toEqual({});
    const strange = identify(['x-aism-tag-__proto__', 'p', 'x-aism-tag-constructor', 'c']).tags;
    expect(Object.entries(strange)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
  });
});
