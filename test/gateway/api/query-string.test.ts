import { describe, expect, it } from 'vitest';
import { AppError } from '../../../contract/errors.ts';
import { parseQuestion } from '../../../gateway/api/query-string.ts';

function refusal(query: string): string {
  try {
    parseQuestion('calls', new URLSearchParams(query));
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  throw new Error(`${query} was accepted`);
}

describe('a refused query string', () => {
  it.each([
    ['range=5y', 'range: unknown value. Accepted: 15m, 1h, 6h, 24h, 7d, 30d, 90d, today, month'],
    ['from=2026-12-01', 'from: not a time. Accepted: ISO 8601 with an offset, like 2026-11-01T00:00:00Z'],
    ['limit=many', 'limit: not a number. Accepted: a whole number'],
  ])('names the parameter and what it accepts: %s', (query, message) => {
    expect(refusal(query)).toBe(message);
  });

  it('says the smallest limit to one who asks for a negative number of rows', () => {
    expect(refusal('limit=-1')).toMatch(/^limit: Too small: expected number to be >=1/);
  });
});
