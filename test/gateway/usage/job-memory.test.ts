import { describe, expect, it } from 'vitest';
import { createJobMemory } from '../../../gateway/usage/job-memory.ts';
import { fixtureNamed, replay, type Fixture } from './fixture.ts';

const background = fixtureNamed('google/interaction-background');
const running = fixtureNamed('google/interaction-poll-running');
const done = fixtureNamed('google/interaction-poll-of-a-stranger');
const queued = fixtureNamed('openai/response-queued');

const answering = (fixture: Fixture, change: object): Fixture => ({
  ...fixture,
  response: Buffer.from(JSON.stringify({ ...JSON.parse(fixture.response.toString()), ...change })),
});

describe('an interaction that runs in the background', () => {
  it('is counted by the first poll that brings usage, and by no other', async () => {
    const jobs = createJobMemory();
    expect((await replay(background, { jobs })).facts).toMatchObject({ surface: 'interactions', usageSource: 'none' });
    expect(jobs.waiting()).toBe(1);
    expect((await replay(running, { jobs })).facts).toMatchObject({ surface: 'operations', usageSource: 'none' });
    expect((await replay(done, { jobs })).facts).toMatchObject({
      surface: 'interactions',
      model: 'gemini-3-pro-preview',
      finishReason: 'completed',
      totalTokens: 1_500,
      units: { webSearches: 3 },
      usageSource: 'reported',
    });
    expect((await replay(done, { jobs })).facts).toMatchObject({
      surface: 'operations',
      usageSource: 'none',
      units: null,
    });
    expect(jobs.waiting()).toBe(0);
  });

  it('is counted once although two polls are under way at the same time', async () => {
    const jobs = createJobMemory();
    await replay(background, { jobs });
    const both = await Promise.all([replay(done, { jobs }), replay(done, { jobs })]);
    expect(both.map(({ facts }) => facts.totalTokens).toSorted()).toEqual([1_500, null]);
  });

  it('does not count running totals of one that is not finished', async () => {
    const jobs = createJobMemory();
    await replay(background, { jobs });
    const early = answering(done, { status: 'in_progress' });
    expect((await replay(early, { jobs })).facts).toMatchObject({ surface: 'operations', totalTokens: null });
    expect((await replay(done, { jobs })).facts.totalTokens).toBe(1_500);
  });

  it('is counted by the answer to its cancelling', async () => {
    const jobs = createJobMemory();
    await replay(background, { jobs });
    const cancel = { ...answering(done, { status: 'cancelled' }), method: 'POST', path: `${done.path}/cancel` };
    expect((await replay(cancel, { jobs })).facts).toMatchObject({ finishReason: 'cancelled', totalTokens: 1_500 });
  });

  it('is not counted again when its own answer brought usage', async () => {
    const jobs = createJobMemory();
    await replay(fixtureNamed('google/interaction-grounded'), { jobs });
    const again = answering(done, { id: 'v1_ChdX' });
    expect((await replay(again, { jobs })).facts).toMatchObject({ surface: 'operations', totalTokens: null });
  });

  it('shows nothing while the poll still runs, and leaves a failed poll alone', async () => {
    const jobs = createJobMemory();
    await replay(background, { jobs });
    await replay({ ...done, status: 503 }, { jobs });
    await replay(done, { jobs, beforeFinish: (peeked) => expect(peeked.totalTokens).toBeNull() });
    expect(jobs.waiting()).toBe(0);
  });
});

it('counts a response of OpenAI that runs in the background once', async () => {
  const jobs = createJobMemory();
  await replay(queued, { jobs });
  const id: unknown = JSON.parse(queued.response.toString()).id;
  const poll = answering(fixtureNamed('openai/response-poll-of-a-stranger'), { id });
  const polls = [await replay(poll, { jobs }), await replay(poll, { jobs })];
  expect(polls.map(({ facts }) => [facts.surface, facts.totalTokens])).toEqual([
    ['responses', 1_200],
    ['operations', null],
  ]);
});

it('remembers the latest ten thousand jobs', () => {
  const jobs = createJobMemory();
  for (let index = 0; index < 10_500; index += 1) jobs.expect(`google v${index}`);
  expect(jobs.waiting()).toBe(10_000);
  expect(jobs.take('google v499')).toBe(false);
  expect(jobs.take('google v500')).toBe(true);
  expect(jobs.take('google v500')).toBe(false);
});
