import { describe, expect, it } from 'vitest';
import { languages, sdkBaseUrl, sdks, snippet } from '../../../renderer/views/onboarding/snippets.ts';

const url = 'http://127.0.0.1:9123';
const upstream = (name: string, provider: string, origin: string) => ({
  name,
  provider,
  origin,
  baseUrl: `${url}/${name}`,
});

describe('sdkBaseUrl', () => {
  const configured = [
    upstream('gemini', 'google', 'https://generativelanguage.googleapis.com'),
    upstream('openai', 'openai', 'https://api.openai.com'),
  ];

  it('uses the address of the running gateway', () => {
    expect(sdkBaseUrl('gemini', url, configured)).toBe('http://127.0.0.1:9123/gemini');
    expect(sdkBaseUrl('anthropic', url, [])).toBe('http://127.0.0.1:9123/anthropic');
  });

  it('adds the version OpenAI’s SDKs expect, once', () => {
    expect(sdkBaseUrl('openai', url, configured)).toBe('http://127.0.0.1:9123/openai/v1');
    expect(sdkBaseUrl('openai', url, [upstream('openai', 'openai', 'https://proxy.example/v1')])).toBe(
      'http://127.0.0.1:9123/openai',
    );
  });

  it('finds an upstream of another name by its provider', () => {
    expect(sdkBaseUrl('anthropic', url, [upstream('claude', 'anthropic', 'https://api.anthropic.com')])).toBe(
      'http://127.0.0.1:9123/claude',
    );
  });
});

describe('snippet', () => {
  it.each(sdks.flatMap((sdk) => languages.map((language) => [sdk.value, language.value] as const)))(
    '%s in %s holds the base URL once and no key',
    (sdk, language) => {
      const baseUrl = sdkBaseUrl(sdk, url, []);
      const { code } = snippet(sdk, language, baseUrl);
      expect(code.split(baseUrl)).toHaveLength(2);
      expect(code).toMatch(/(GEMINI|OPENAI|ANTHROPIC)_API_KEY/);
      expect(code).not.toMatch(/sk-|AIza/);
    },
  );
});
