import { describe, expect, it } from 'vitest';
import {
  draftOf,
  initialForm,
  isDirty,
  reduceForm,
  shownProblem,
  type FormEvent,
  type FormState,
} from '../../../../../renderer/views/settings/snowflake/draft.ts';
import { exampleSettings } from '../../../fixture/snowflake-answers.ts';

const after = (state: FormState, ...events: FormEvent[]): FormState => events.reduce(reduceForm, state);
const changed = (change: Extract<FormEvent, { kind: 'changed' }>['change']): FormEvent => ({ kind: 'changed', change });

describe('the draft of the Snowflake form', () => {
  const form = initialForm(exampleSettings);

  it('shows saved settings as text and never a secret', () => {
    expect(form.draft).toMatchObject({
      account: 'acme-analytics',
      maxRows: '5000',
      intervalMinutes: 15,
      oauthScope: '',
    });
    expect(form.draft).toMatchObject({ privateKey: '', privateKeyPassphrase: '', token: '', password: '' });
  });

  it('is unsaved from the first difference until it is typed back, undone or saved', () => {
    const typed = after(form, changed({ database: 'OTHER' }));
    expect([isDirty(form), isDirty(typed)]).toEqual([false, true]);
    expect(isDirty(after(typed, changed({ database: 'AISM' })))).toBe(false);
    expect(isDirty(after(typed, { kind: 'undone' }))).toBe(false);
    expect(isDirty(after(typed, { kind: 'loaded', settings: exampleSettings }))).toBe(false);
  });

  it('forgets typed secrets once they are saved', () => {
    const typed = after(form, { kind: 'replacing', field: 'token' }, changed({ token: 'secret' }));
    const saved = after(typed, { kind: 'loaded', settings: exampleSettings });
    expect(saved.draft.token).toBe('');
    expect(saved.replacing.size).toBe(0);
  });

  it('empties a secret that is about to be replaced', () => {
    const replacing = after(form, changed({ privateKey: 'PEM' }), { kind: 'replacing', field: 'privateKey' });
    expect(replacing.draft.privateKey).toBe('');
    expect([...replacing.replacing]).toEqual(['privateKey']);
  });
});

describe('a problem', () => {
  const empty = initialForm(null);
  const problems = new Map([['account', 'Enter an account'] as const]);

  it('of an empty field is told only after a person was in it or tried to save', () => {
    expect(shownProblem(empty, 'account', problems)).toBeNull();
    expect(shownProblem(after(empty, { kind: 'left', field: 'account' }), 'account', problems)).toBe(
      'Enter an account',
    );
    expect(shownProblem(after(empty, { kind: 'submitted' }), 'account', problems)).toBe('Enter an account');
  });

  it('of a filled field is told while typing', () => {
    expect(shownProblem(after(empty, changed({ account: 'a/b' })), 'account', problems)).toBe('Enter an account');
  });
});

it('begins with the defaults of the contract', () => {
  expect(draftOf(null)).toMatchObject({
    authenticator: 'SNOWFLAKE_JWT',
    enabled: true,
    intervalMinutes: 15,
    maxRows: '5000',
  });
});
