import { expect, test } from 'vitest';
import { z } from 'zod';
import { createCallIds } from '../../../gateway/proxy/call-id.ts';

const timeOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

test('ids are UUIDs of version 7 with the RFC variant and the time of birth', () => {
  const next = createCallIds(() => 1_795_000_000_123);
  const id = next();
  expect(z.uuidv7().safeParse(id).success).toBe(true);
  expect(timeOf(id)).toBe(1_795_000_000_123);
});

test('ids of one process strictly increase and never repeat, also within a millisecond and when its counter overflows', () => {
  const next = createCallIds(() => 1_795_000_000_000);
  const ids = Array.from({ length: 20_000 }, next);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
});

test('ids keep increasing when the wall clock steps back', () => {
  const clock = [1_795_000_000_500, 1_795_000_000_500, 1_794_999_000_000, 1_795_000_000_400, 1_795_000_000_501];
  let reading = 0;
  const next = createCallIds(() => clock[reading++] ?? 0);
  const ids = clock.map(() => next());
  expect(ids.toSorted()).toEqual(ids);
});
