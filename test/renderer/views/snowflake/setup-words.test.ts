import { expect, it } from 'vitest';
import type { SnowflakeSetup } from '../../../../contract/snowflake.ts';
import { setupWords } from '../../../../renderer/views/snowflake/setup-words.ts';

type State = SnowflakeSetup['statements'][number]['state'];

const words = (dryRun: boolean, ok: boolean, ...states: State[]): string => {
  const statements = states.map((state, index) => ({ name: `s${index}`, sql: '', state, detail: '' }));
  return setupWords({ dryRun, ok, statements, grants: '', optional: '' }).text;
};

it('says of a dry run that nothing was changed and what would be', () => {
  expect(words(true, true, 'would', 'would', 'present')).toBe(
    'Nothing has been changed yet: 2 statements to run, 1 already there',
  );
  expect(words(true, true, 'would')).toBe('Nothing has been changed yet: 1 statement to run');
  expect(words(true, true, 'present', 'present')).toBe('Everything is there already; nothing to do');
});

it('says of a run what was done, what could not be, and whether it is enough', () => {
  expect(words(false, true, 'done', 'present')).toBe('Ready: 1 statement done');
  expect(words(false, true, 'present')).toBe('Everything was there already');
  expect(words(false, true, 'done', 'failed')).toBe('Ready, with a limit: 1 statement could not run');
  expect(words(false, false, 'failed', 'failed')).toBe('2 statements failed; the cause is below');
});
