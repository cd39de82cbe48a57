import { expect, it } from 'vitest';
import { syncWords } from '../../../../renderer/views/snowflake/sync-words.ts';
import { snowflakeHealth } from '../../fixture/snowflake-answers.ts';

it('says whether everything is there, still on its way, or kept back and why', () => {
  expect(syncWords({ ...snowflakeHealth('idle'), backlogRows: 0 })).toEqual({
    good: true,
    text: 'Everything is in Snowflake',
  });
  expect(syncWords({ ...snowflakeHealth('sending'), backlogRows: 1 })).toEqual({
    good: true,
    text: 'Sending; 1 call waits',
  });
  expect(syncWords(snowflakeHealth('backlog'))).toMatchObject({
    good: false,
    text: expect.stringContaining('182,940 calls wait: Snowflake is out of reach'),
  });
});
