import { expect, it } from 'vitest';
import { creditsWords } from '../../../../renderer/views/snowflake/credits.ts';

it('writes an estimate with no more digits than it has', () => {
  expect([24, 13.5, 1.8, 0.45, 0.4576].map(creditsWords)).toEqual([
    'about 24 credits a day',
    'about 14 credits a day',
    'about 1.8 credits a day',
    'about 0.45 credits a day',
    'about 0.46 credits a day',
  ]);
});
