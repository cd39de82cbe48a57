/** Faults 8 and 12 that users of other gateways report, and calls that count twice; each number is the list's, each title the fault. */
import { describe, expect, it } from 'vitest';
import { generationSurfaces } from '../../../../contract/usage-record.ts';
import { adapters } from '../../../../gateway/usage/providers.ts';
import { fixtureNamed, loadFixtures, replay } from '../fixture.ts';

describe('08 Gemini surfaces missing or broken behind proxies', () => {
  it.each([
    // maximhq/bifrost#6102, googleapis/java-genai#999, googleapis/js-genai#1206
    ['POST', '/upload/v1beta/files', 'files'],
    ['POST', '/v1beta/upload/v1beta/files', 'files'],
    ['POST', '/upload/v1beta/fileSearchStores/s1:uploadToFileSearchStore', 'files'],
    ['GET', '/v1beta/files/abc:download', 'files'],
    // maximhq/bifrost#3736
    ['GET', '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent', 'live'],
    ['GET', '//ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained', 'live'],
    // Instawork/llm-proxy#60: 26,000 requests in 14 days
    ['POST', '/v1beta/interactions', 'interactions'],
    ['POST', '/v1alpha/interactions', 'interactions'],
  ])('%s %s is known', (method, path, surface) => {
    expect(adapters.google.recognise({ method, path }).route.surface).toBe(surface);
  });

  it('interactions are metered', async () => {
    expect((await replay(fixtureNamed('google/interaction-grounded'))).facts).toMatchObject({
      totalTokens: 1_500,
      usageSource: 'reported',
    });
    expect((await replay(fixtureNamed('google/interaction-stream-totals'))).facts).toMatchObject({
      totalTokens: 1_500,
    });
  });
});

describe('12 secrets in what is recorded', () => {
  it.each([
    ['google', '/v1beta/files/AIzaSyD-secret-key-0123456789:download'],
    ['google', '/v1beta/models/gemini-2.5-pro:generateContent?key=AIzaSyD-secret'],
    ['openai', '/v1/files/file-secret-0123/content'],
    ['anthropic', '/v1/messages/batches/msgbatch_secret/results'],
    ['other', '/bot123456:AAF-secret-token/sendMessage'],
  ] as const)('no identifier of %s %s is in the endpoint', (provider, path) => {
    expect(adapters[provider].recognise({ method: 'GET', path }).route.endpoint).not.toContain('secret');
  });
});

describe('counting and polling double the number of calls', () => {
  const uncounted = loadFixtures().filter(
    ({ name }) => /count-tokens|poll|list|get$|cache-|file-|batch/.test(name) && !/embed/.test(name),
  );

  it.each(uncounted.map((fixture) => [fixture.name, fixture] as const))(
    '%s is no generation',
    async (_name, fixture) => {
      const { facts } = await replay(fixture);
      expect(generationSurfaces).not.toContain(facts.surface); // METR/hawk#1069
    },
  );

  it('there are such calls', () => expect(uncounted.length).toBeGreaterThan(12));
});
