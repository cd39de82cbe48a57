/**
 * Retries are calls of their own, and each may be billed. They are linked by the idempotency key a client sends again with each attempt
 * (draft-ietf-httpapi-idempotency-key-header), stored as an HMAC because a client may build it from anything; which attempt a call is, is what
 * the SDK says of itself (`x-stainless-retry-count` of the openai and @anthropic-ai/sdk packages: 0 for the first).
 */
import { createHmac } from 'node:crypto';
import type { UsageRecord } from '../../contract/usage-record.ts';
import type { RawHeaders } from '../proxy/exchange.ts';
import { headerValue } from './header-values.ts';

export type AttemptFacts = Pick<UsageRecord, 'idempotencyId' | 'attempt'>;

const hashLength = 16;
const mostRetries = 1_000;

export function createAttempts(salt: string | Uint8Array): (headers: RawHeaders) => AttemptFacts {
  return (headers) => {
    const key = headerValue(headers, 'idempotency-key')?.trim() ?? '';
    return { idempotencyId: key === '' ? null : idOf(salt, key), attempt: attemptOf(headers) };
  };
}

function idOf(salt: string | Uint8Array, key: string): string {
  return `i-${createHmac('sha256', salt).update(`idempotency ${key}`).digest('hex').slice(0, hashLength)}`;
}

function attemptOf(headers: RawHeaders): number | null {
  const text = headerValue(headers, 'x-stainless-retry-count')?.trim() ?? '';
  const retries = /^\d{1,4}$/.test(text) ? Number(text) : null;
  return retries === null || retries > mostRetries ? null : retries + 1;
}
