import { describe, expect, it } from 'vitest';
import {
  checkEntry,
  draftOf,
  emptyDraft,
  type EntryDraft,
  type EntryField,
} from '../../../../../renderer/views/settings/prices/entry-draft.ts';

const draft = (texts: Partial<Record<EntryField, string>>): EntryDraft => ({
  provider: 'google',
  texts: { model: 'm*', ...texts },
});
const problemsOf = (texts: Partial<Record<EntryField, string>>) =>
  Object.fromEntries(checkEntry(draft(texts)).problems);
const rates = { inputPerMillionUsd: '0.30', outputPerMillionUsd: '$2.5' };

describe('a typed price', () => {
  it('becomes an entry of prices.json; what is empty is left out', () => {
    expect(
      checkEntry(draft({ ...rates, cachedInputPerMillionUsd: ' ', webSearches: '.014', from: '2026-11-01' })).entry,
    ).toEqual({
      provider: 'google',
      model: 'm*',
      inputPerMillionUsd: 0.3,
      outputPerMillionUsd: 2.5,
      unitsUsd: { webSearches: 0.014 },
      from: '2026-11-01',
    });
  });

  it('comes back as it was when it is opened again', () => {
    const { entry } = checkEntry(draft({ ...rates, images: '0.04', to: '2027-01-01' }));
    expect(entry && checkEntry(draftOf(entry)).entry).toEqual(entry);
  });

  it('may price units alone', () => expect(problemsOf({ images: '0.04' })).toEqual({}));

  it('needs a model and both rates, and says so at the field that is missing', () => {
    expect([...checkEntry(emptyDraft('openai', '')).problems.keys()]).toEqual(['model', 'inputPerMillionUsd']);
    expect(problemsOf({})).toEqual({ inputPerMillionUsd: 'Enter input and output, or the price of a unit below' });
    expect(problemsOf({ inputPerMillionUsd: '1' })).toEqual({
      outputPerMillionUsd: 'Input has a price, so output needs one too',
    });
    expect(Object.keys(problemsOf({ outputPerMillionUsd: '1' }))).toEqual(['inputPerMillionUsd']);
  });

  it.each(['free', '-1', '1,5', '0x10', '1000001', 'NaN'])('refuses %j as a rate', (text) => {
    expect(problemsOf({ ...rates, inputPerMillionUsd: text })).toEqual({
      inputPerMillionUsd: 'Enter US dollars as a number from 0 to 1,000,000, like 0.30',
    });
  });

  it('limits the price of one unit', () => {
    expect(problemsOf({ images: '10001' })).toEqual({
      images: 'Enter US dollars as a number from 0 to 10,000, like 0.30',
    });
  });

  it('says what a day looks like, and that the first one comes before the last', () => {
    expect(problemsOf({ ...rates, from: 'tomorrow' })).toEqual({
      from: 'Enter a day like 2026-11-01, or a time like 2026-11-01T09:30:00Z',
    });
    expect(Object.keys(problemsOf({ ...rates, to: '2026-11-01T09:30' }))).toEqual(['to']);
    expect(problemsOf({ ...rates, from: '2026-11-02', to: '2026-11-02' })).toEqual({ from: 'Must be before “To”' });
  });
});
