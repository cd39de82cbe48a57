import { describe, expect, it } from 'vitest';
import {
  apis,
  baseUrlOf,
  clients,
  firstChoice,
  languages,
  snippet,
} from '../../../../renderer/views/onboarding/snippets.ts';

const url = 'http://127.0.0.1:9123';
const upstream = (name: string, provider: string, origin: string) => ({
  name,
  provider,
  origin,
  baseUrl: `${url}/${name}`,
});

describe('the base URL', () => {
  const configured = [
    upstream('gemini', 'google', 'https://generativelanguage.googleapis.com'),
    upstream('openai', 'openai', 'https://api.openai.com'),
  ];

  it('uses the address of the running gateway', () => {
    expect(baseUrlOf('gemini', 'sdk', url, configured)).toBe('http://127.0.0.1:9123/gemini');
    expect(baseUrlOf('anthropic', 'sdk', url, [])).toBe('http://127.0.0.1:9123/anthropic');
  });

  it('adds the version OpenAI’s SDKs expect, once', () => {
    expect(baseUrlOf('openai', 'sdk', url, configured)).toBe('http://127.0.0.1:9123/openai/v1');
    expect(baseUrlOf('openai', 'sdk', url, [upstream('openai', 'openai', 'https://proxy.example/v1')])).toBe(
      'http://127.0.0.1:9123/openai',
    );
  });

  it('finds an upstream of another name by its provider', () => {
    expect(baseUrlOf('anthropic', 'sdk', url, [upstream('claude', 'anthropic', 'https://api.anthropic.com')])).toBe(
      'http://127.0.0.1:9123/claude',
    );
  });
});

describe('snippet', () => {
  const choices = clients.flatMap(({ value: client }) =>
    apis.flatMap(({ value: api }) => languages.map(({ value: language }) => ({ client, api, language }))),
  );

  it.each(choices)('$client ($api, $language) holds the base URL once and no key', (choice) => {
    const { code, baseUrl, keyName } = snippet(choice, url, []);
    expect(baseUrl).toContain('127.0.0.1:9123/');
    expect(code.split(baseUrl)).toHaveLength(2);
    expect(code).toContain(keyName);
    expect(code).not.toMatch(/sk-|AIza/);
  });

  it('gives the Vercel AI SDK the version it does not add itself', () => {
    const vercel = (api: 'gemini' | 'openai' | 'anthropic') =>
      snippet({ ...firstChoice, client: 'vercel', api }, url, []).baseUrl;
    expect([vercel('gemini'), vercel('openai'), vercel('anthropic')]).toEqual([
      `${url}/gemini/v1beta`,
      `${url}/openai/v1`,
      `${url}/anthropic/v1`,
    ]);
  });
});
