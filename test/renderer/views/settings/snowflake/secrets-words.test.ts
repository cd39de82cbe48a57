import { expect, it } from 'vitest';
import { keptWords } from '../../../../../renderer/views/settings/snowflake/secrets-words.ts';
import { snowflakeState } from '../../../fixture/snowflake-answers.ts';

it('says where secrets are, and why they are not kept', () => {
  expect(keptWords(snowflakeState('idle', 'electron'))).toBe('stored in the keychain');
  expect(keptWords(snowflakeState('backlog', 'electron'))).toBe('kept in memory only: this desktop has no keyring');
  expect(keptWords(snowflakeState('idle', 'browser'))).toBe('known from the environment of the gateway');
});
