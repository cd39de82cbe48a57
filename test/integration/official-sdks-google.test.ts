/** The @google/genai client through the gateway: the same results as without it, and the row of each call. Files: official-sdks-files.test.ts. */
import { GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf, expectMetered, fixture, startParity, type Parity, type Place } from './sdk-parity.ts';

let parity: Parity;
beforeAll(async () => {
  parity = await startParity();
});
afterAll(() => parity.stop());

const client = ({ gemini }: Place) =>
  new GoogleGenAI({ apiKey: 'AIzaParity', httpOptions: { baseUrl: gemini, retryOptions: { attempts: 1 } } });
const model = 'gemini-2.5-pro';

/** The upstream answers with this fixture from now on. */
function script(name: string) {
  const scripted = fixture(`google/${name}`);
  parity.upstream.answer('/', answerOf(scripted));
  return scripted;
}

async function all<T>(items: AsyncIterable<T> | PromiseLike<AsyncIterable<T>>): Promise<T[]> {
  const read: T[] = [];
  for await (const item of await items) read.push(item);
  return read;
}

test('generateContent, with thoughts and a cached prompt', async () => {
  const scripted = script('generate-thoughts-cached');
  const [row] = await parity.compare((place) => client(place).models.generateContent({ model, contents: 'hi' }));
  expectMetered(row, scripted);
  expect(row?.costUsd).toBeGreaterThan(0);
});

test.each(['stream-sse', 'stream-sse-crlf', 'stream-function-call', 'stream-grounded-both'])(
  'generateContentStream on %s: every chunk',
  async (name) => {
    const scripted = script(name);
    const [row] = await parity.compare((place) =>
      all(client(place).models.generateContentStream({ model, contents: 'hi' })),
    );
    const { modelRequested: _asked, ...expected } = scripted.expected;
    expectMetered(row, { ...scripted, expected });
    expect(row?.ttftMs).toBeGreaterThan(0);
  },
);

test('a chat keeps its history, whole and streamed', async () => {
  const whole = script('generate-thoughts-cached');
  const rows = await parity.compare(async (place) => {
    const chat = client(place).chats.create({ model });
    const first = await chat.sendMessage({ message: 'hi' });
    return [first, await chat.sendMessage({ message: 'and then?' }), chat.getHistory()];
  });
  expect(rows).toHaveLength(2);
  for (const row of rows) expectMetered(row, whole);
  const streamed = script('stream-sse');
  const [row] = await parity.compare((place) =>
    all(client(place).chats.create({ model }).sendMessageStream({ message: 'hi' })),
  );
  expectMetered(row, streamed);
});

test('embedContent', async () => {
  const scripted = fixture('google/batch-embed-with-usage');
  const single = fixture('google/embed');
  parity.upstream.answer('/', ({ url }) => answerOf(url.includes(':batchEmbedContents') ? scripted : single));
  const [row] = await parity.compare((place) =>
    client(place).models.embedContent({ model: 'gemini-embedding-2', contents: ['a cat', 'a dog'] }),
  );
  expectMetered(row, row?.surface === 'batchEmbedContents' ? scripted : single);
});

test('countTokens is a call without usage or cost', async () => {
  const scripted = script('count-tokens');
  const [row] = await parity.compare((place) =>
    client(place).models.countTokens({ model: 'gemini-2.5-flash', contents: 'hi' }),
  );
  expectMetered(row, scripted);
  expect(row?.costUsd).toBeNull();
});

test('caches: create counts what it writes, get and delete count nothing', async () => {
  const created = script('cache-create');
  const [row] = await parity.compare((place) =>
    client(place).caches.create({ model, config: { contents: 'long text', ttl: '5400s' } }),
  );
  expectMetered(row, created);
  const got = script('cache-get');
  const [gotRow] = await parity.compare((place) => client(place).caches.get({ name: 'cachedContents/k1' }));
  expectMetered(gotRow, got);
  parity.upstream.answer('/', { pieces: ['{}'] });
  const [deleted] = await parity.compare((place) => client(place).caches.delete({ name: 'cachedContents/k1' }));
  expect(deleted).toMatchObject({ method: 'DELETE', outcome: 'ok', inputTokens: null, costUsd: null });
});

test('interactions: create, stream and get', async () => {
  const whole = script('interaction');
  const [row] = await parity.compare((place) =>
    client(place).interactions.create({ model: 'gemini-3-pro-preview', input: 'x' }),
  );
  expectMetered(row, whole);
  const streamed = script('interaction-stream');
  const [streamRow] = await parity.compare((place) =>
    all(client(place).interactions.create({ model: 'gemini-3-pro-preview', input: 'x', stream: true })),
  );
  expectMetered(streamRow, streamed);
  script('interaction');
  const [got] = await parity.compare((place) => client(place).interactions.get('v1_stranger'));
  expect(got).toMatchObject({ outcome: 'ok', inputTokens: null, costUsd: null }); // counted where it was created
});

test('errors, of a call and inside a stream, are the same errors', async () => {
  const failing = (call: (ai: GoogleGenAI) => Promise<unknown>) => (place: Place) =>
    call(client(place)).catch((error: unknown) => {
      if (!(error instanceof Error)) throw error;
      return [error.name, error.message];
    });
  script('rate-limited');
  const [limited] = await parity.compare(failing((ai) => ai.models.generateContent({ model, contents: 'hi' })));
  expect(limited).toMatchObject({ outcome: 'rate_limited', statusCode: 429, costUsd: null });
  script('stream-error-inside');
  const [inside] = await parity.compare(
    failing((ai) => all(ai.models.generateContentStream({ model, contents: 'hi' }))),
  );
  expect(inside).toMatchObject({ outcome: 'upstream_error', statusCode: 200 });
});
