/** The openai client through the gateway: the same results as without it, and the row of each call. */
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf, expectMetered, fixture, startParity, type Parity, type Place } from './sdk-parity.ts';

let parity: Parity;
beforeAll(async () => {
  parity = await startParity();
});
afterAll(() => parity.stop());

const client = ({ openai }: Place) => new OpenAI({ apiKey: 'sk-parity', baseURL: openai, maxRetries: 0 });
const messages = [{ role: 'user' as const, content: 'What time is it?' }];

/** The upstream answers with this fixture from now on. */
function script(name: string) {
  const scripted = fixture(`openai/${name}`);
  parity.upstream.answer('/v1/', answerOf(scripted));
  return scripted;
}

async function all<T>(items: AsyncIterable<T> | PromiseLike<AsyncIterable<T>>): Promise<T[]> {
  const read: T[] = [];
  for await (const item of await items) read.push(item);
  return read;
}

test('chat.completions, whole', async () => {
  const scripted = script('chat');
  const [row] = await parity.compare((place) =>
    client(place).chat.completions.create({ model: 'gpt-5', messages, user: 'user-42' }),
  );
  expectMetered(row, scripted);
  expect(row?.costUsd).toBeGreaterThan(0);
});

test('chat.completions, streamed by a caller who asks for usage', async () => {
  const scripted = script('chat-stream');
  const [row] = await parity.compare((place) =>
    all(
      client(place).chat.completions.create({
        model: 'gpt-4.1',
        messages,
        stream: true,
        stream_options: { include_usage: true },
      }),
    ),
  );
  expectMetered(row, scripted);
  expect(row?.ttftMs).toBeGreaterThan(0);
});

test('chat.completions, streamed by a caller who does not ask: metered all the same, and told nothing extra', async () => {
  const withUsage = fixture('openai/chat-stream');
  const extra = /data: \{[^\n]*"choices": \[\], [^\n]*\n\n/;
  const without = { ...withUsage, response: Buffer.from(withUsage.response.toString().replace(extra, '')) };
  expect(without.response.length).toBeLessThan(withUsage.response.length);
  parity.upstream.answer('/v1/', ({ body }) => answerOf(body.includes('include_usage') ? withUsage : without));
  const [row] = await parity.compare(
    (place) => all(client(place).chat.completions.create({ model: 'gpt-4.1', messages, stream: true })),
    { asksForUsage: true },
  );
  expectMetered(row, withUsage);
});

test('the stream helper of chat.completions', async () => {
  const scripted = script('chat-stream-tool-call');
  const [row] = await parity.compare(
    (place) => client(place).chat.completions.stream({ model: 'gpt-4.1', messages }).finalMessage(),
    { asksForUsage: true },
  );
  expectMetered(row, scripted);
});

test('responses, whole and streamed', async () => {
  const whole = script('response');
  const [row] = await parity.compare((place) => client(place).responses.create({ model: 'gpt-5-mini', input: 'x' }));
  expectMetered(row, whole);
  const streamed = script('response-stream');
  const [streamRow] = await parity.compare((place) =>
    all(client(place).responses.create({ model: 'gpt-5-mini', input: 'x', stream: true })),
  );
  expectMetered(streamRow, streamed);
  expect(streamRow?.ttftMs).toBeGreaterThan(0);
});

test('embeddings', async () => {
  const scripted = script('embeddings');
  const [row] = await parity.compare((place) =>
    client(place).embeddings.create({ model: 'text-embedding-3-small', input: 'x', encoding_format: 'float' }),
  );
  expectMetered(row, scripted);
});

test('speech, byte for byte', async () => {
  const scripted = script('speech');
  const [row] = await parity.compare(async (place) => {
    const answer = await client(place).audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Grüße 🕛' });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.equals(scripted.response)).toBe(true);
    return bytes.toString('base64');
  });
  expectMetered(row, scripted);
  expect(row?.units).toEqual(scripted.expected['units']);
});

test('transcriptions from a form', async () => {
  const scripted = script('transcription-tokens');
  const [row] = await parity.compare(async (place) =>
    client(place).audio.transcriptions.create({
      model: 'gpt-4o-transcribe',
      file: await toFile(Buffer.alloc(100_000, 1), 'talk.wav', { type: 'audio/wav' }),
    }),
  );
  expectMetered(row, scripted);
});

test('images', async () => {
  const scripted = script('image');
  const [row] = await parity.compare((place) =>
    client(place).images.generate({ model: 'gpt-image-1', prompt: 'a cat' }),
  );
  expectMetered(row, scripted);
});

test('moderations, files and batches are calls without usage', async () => {
  const moderation = script('moderation');
  const [moderated] = await parity.compare((place) =>
    client(place).moderations.create({ model: 'omni-moderation-latest', input: 'x' }),
  );
  expectMetered(moderated, moderation);
  const upload = script('file-upload');
  const [uploaded] = await parity.compare(async (place) =>
    client(place).files.create({ purpose: 'batch', file: await toFile(Buffer.from('{"model":"gpt-5"}\n'), 'b.jsonl') }),
  );
  expectMetered(uploaded, upload);
  const batch = script('batch-create');
  const [batched] = await parity.compare((place) =>
    client(place).batches.create({
      input_file_id: 'file-abc',
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    }),
  );
  expectMetered(batched, batch);
  for (const row of [moderated, uploaded, batched]) expect(row).toMatchObject({ costUsd: null, outputTokens: null });
});

test('an error is the same error', async () => {
  script('rate-limited');
  const [row] = await parity.compare((place) =>
    client(place)
      .chat.completions.create({ model: 'gpt-5', messages })
      .catch((error: unknown) => {
        if (!(error instanceof OpenAI.APIError)) throw error;
        return [error.constructor.name, error.status, error.code, error.message];
      }),
  );
  expect(row).toMatchObject({ outcome: 'rate_limited', statusCode: 429, costUsd: null });
});
