import { expect, it } from 'vitest';
import { createAttempts } from '../../../gateway/usage/attempt.ts';

const attempts = createAttempts('salt of this install');

it('gives attempts at the same thing the same id, which is not the key', () => {
  const first = attempts(['Idempotency-Key', 'stainless-node-retry-8f2', 'X-Stainless-Retry-Count', '0']);
  const second = attempts(['idempotency-key', ' stainless-node-retry-8f2 ', 'x-stainless-retry-count', '1']);
  expect(second.idempotencyId).toBe(first.idempotencyId);
  expect([first.attempt, second.attempt]).toEqual([1, 2]);
  expect(first.idempotencyId).toMatch(/^i-[0-9a-f]{16}$/);
  expect(attempts(['idempotency-key', 'another']).idempotencyId).not.toBe(first.idempotencyId);
  expect(createAttempts('another salt')(['idempotency-key', 'stainless-node-retry-8f2']).idempotencyId).not.toBe(
    first.idempotencyId,
  );
});

it('says nothing where the client says nothing', () => {
  expect(attempts(['content-type', 'application/json'])).toEqual({ idempotencyId: null, attempt: null });
  expect(attempts(['idempotency-key', ''])).toEqual({ idempotencyId: null, attempt: null });
});

it.each(['-1', '1.5', 'two', '99999', '1e3', ' '])('takes %j for no number of a retry', (count) => {
  expect(attempts(['x-stainless-retry-count', count]).attempt).toBeNull();
});
