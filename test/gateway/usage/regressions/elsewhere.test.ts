/** Of the fifteen faults, those that other stages prevent: where the test is that would notice. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');

const elsewhere: readonly (readonly [fault: string, file: string, test: string])[] = [
  [
    '04 an unknown model silently costs $0',
    'test/gateway/pricing/price-book.test.ts',
    'never throws and never answers 0 for a paid model',
  ],
  [
    '04 an unknown model silently costs $0',
    'test/gateway/analytics/questions.test.ts',
    'unmetered calls are listed by cause',
  ],
  [
    '05 rows lost on restart, database or disk failure',
    'test/gateway/journal/kill-nine.test.ts',
    'has a scenario for each one the journal names',
  ],
  [
    '05 rows lost on restart, database or disk failure',
    'test/gateway/journal/cap-and-prune.test.ts',
    'never removes a row nobody has taken',
  ],
  [
    '06 a client abort keeps its partial usage in the row',
    'test/gateway/meter/running-stream.test.ts',
    'abandoned by the client keeps the newest usage',
  ],
  [
    '11 totals of a day in another time zone',
    'test/gateway/analytics/buckets.test.ts',
    'begins weeks on Monday and days at midnight',
  ],
  [
    '12 secrets in logs',
    'test/campaign/secrets-canary.test.ts',
    'keeps no key, prompt, completion, cookie or query value anywhere',
  ],
  [
    '13 storage grows without bound',
    'test/gateway/journal/cap-and-prune.test.ts',
    'removes rows past the window that every destination has',
  ],
  [
    '14 a slow warehouse or journal delays a stream',
    'test/campaign/fail-open.test.ts',
    'killed: responses go on, health says so, it comes back and every row arrives once',
  ],
];

describe('a fault that another stage prevents', () => {
  it.each(elsewhere)('%s: %s', (_fault, file, test) => {
    expect(readFileSync(join(root, file), 'utf8')).toContain(test);
  });
});
