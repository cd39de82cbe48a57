import { expect, it } from 'vitest';
import { drainMsOf } from '../../../../../renderer/views/settings/privacy/privacy-draft.ts';

const ms = (drainSeconds: string) => drainMsOf({ userIds: 'plain', streamUsage: true, drainSeconds });

it('reads seconds, whole or not, up to a minute', () => {
  expect([ms('0'), ms(' 5 '), ms('1.5'), ms('60')]).toEqual([0, 5000, 1500, 60_000]);
  expect([ms(''), ms('61'), ms('60.001'), ms('-1'), ms('1e3'), ms('soon')]).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});
