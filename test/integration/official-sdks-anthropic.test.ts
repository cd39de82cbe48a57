/** The @anthropic-ai/sdk client through the gateway: the same results as without it, and the row of each call. */
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { answerOf, expectMetered, fixture, startParity, type Parity, type Place } from './sdk-parity.ts';

let parity: Parity;
beforeAll(async () => {
  parity = await startParity();
});
/** The client names the date on which the fixtures' model retires. */
beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue(undefined));
afterAll(() => parity.stop());

const client = ({ anthropic }: Place) => new Anthropic({ apiKey: 'sk-ant-parity', baseURL: anthropic, maxRetries: 0 });
const question = {
  model: 'claude-sonnet-4-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'What time is it?' }],
};

/** The upstream answers with this fixture from now on. */
function script(name: string) {
  const scripted = fixture(`anthropic/${name}`);
  parity.upstream.answer('/v1/', answerOf(scripted));
  return scripted;
}

test('messages.create, with both cache lifetimes', async () => {
  const scripted = script('message');
  const [row] = await parity.compare((place) => client(place).messages.create(question));
  expectMetered(row, scripted);
  expect(row?.units).toEqual(scripted.expected['units']);
  expect(row?.costUsd).toBeGreaterThan(0);
});

test.each(['stream', 'stream-server-tools-raise-input'])(
  'the stream helper on %s: every event and the final message',
  async (name) => {
    const scripted = script(name);
    const [row] = await parity.compare(async (place) => {
      const stream = client(place).messages.stream(question);
      const events: unknown[] = [];
      for await (const event of stream) events.push(structuredClone(event));
      return { events, message: await stream.finalMessage() };
    });
    expectMetered(row, scripted);
    expect(row?.ttftMs).toBeGreaterThan(0);
  },
);

test('messages.countTokens is a call without usage or cost', async () => {
  const scripted = script('count-tokens');
  const [row] = await parity.compare((place) => {
    const { max_tokens: _limit, ...counted } = question;
    return client(place).messages.countTokens(counted);
  });
  expectMetered(row, scripted);
  expect(row?.costUsd).toBeNull();
});

test('batches: create, retrieve and their results', async () => {
  const created = script('batch');
  const [row] = await parity.compare((place) => client(place).messages.batches.create({ requests: [] }));
  expectMetered(row, created);
  await parity.compare((place) => client(place).messages.batches.retrieve('msgbatch_01'));
  const results = fixture('anthropic/batch-results');
  const ended = {
    id: 'msgbatch_01',
    type: 'message_batch',
    processing_status: 'ended',
    results_url: '/v1/messages/batches/msgbatch_01/results',
  };
  parity.upstream.answer('/v1/messages/batches/msgbatch_01', ({ url }) =>
    url.endsWith('/results') ? answerOf(results) : { pieces: [JSON.stringify(ended)] },
  );
  const rows = await parity.compare(async (place) => {
    const lines: unknown[] = [];
    for await (const line of await client(place).messages.batches.results('msgbatch_01')) lines.push(line);
    expect(lines).toHaveLength(2);
    return lines;
  });
  expectMetered(rows.at(-1), results);
});

test('an error inside a stream, and an overloaded upstream, are the same errors', async () => {
  const failing = (place: Place) =>
    client(place)
      .messages.stream(question)
      .finalMessage()
      .catch((error: unknown) => {
        if (!(error instanceof Anthropic.APIError)) throw error;
        return [error.constructor.name, error.status ?? null, error.message];
      });
  script('stream-error-inside');
  const [inside] = await parity.compare(failing);
  expect(inside).toMatchObject({ outcome: 'upstream_error', statusCode: 200 });
  const overloaded = script('overloaded');
  const [refused] = await parity.compare(failing);
  expect(refused).toMatchObject({ outcome: 'upstream_error', statusCode: overloaded.status, costUsd: null });
});
