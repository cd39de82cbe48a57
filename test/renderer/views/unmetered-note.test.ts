import { expect, it } from 'vitest';
import { unmeteredNote } from '../../../renderer/views/overview/unmetered-note.ts';

const row = (reason: 'no_usage' | 'no_price' | 'mismatch', model: string | null, calls: number) =>
  ({
    reason,
    model,
    calls,
    provider: 'google',
    surface: 'generateContent',
    lastAt: '2026-11-23T12:00:00.000Z',
  }) as const;

it('says nothing when every number is sound', () => expect(unmeteredNote([])).toBeNull());

it('counts calls by cause and names the models, the biggest first', () => {
  expect(
    unmeteredNote([
      row('no_price', 'b', 2),
      row('no_price', 'a', 30),
      row('mismatch', 'b', 1),
      row('no_usage', null, 1200),
    ]),
  ).toEqual({
    text: '32 calls have no known price · 1,200 calls reported no usage · 1 call reports token parts that do not add up',
    models: ['a', 'b'],
  });
  expect(unmeteredNote([row('no_price', 'a', 1)])?.text).toBe('1 call has no known price');
});
