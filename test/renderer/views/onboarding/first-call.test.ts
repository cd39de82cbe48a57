import { describe, expect, it } from 'vitest';
import { Outcome, sampleTag } from '../../../../contract/usage-record.ts';
import { endedRow, runningRow, type TailRow } from '../../../../renderer/live/tail.ts';
import { callVerdict, firstCall } from '../../../../renderer/views/onboarding/first-call.ts';
import { recordAt, seeded } from '../../fixture/records.ts';

const record = (callId: string, change = {}) => ({ ...recordAt(0, 1, seeded(3)), callId, tags: {}, ...change });
const sample = { tags: { [sampleTag.name]: sampleTag.value }, outcome: 'ok' as const };
const nothing = new Set<string>();
const shown = (rows: readonly TailRow[], known = nothing) => firstCall(rows, known)?.call.callId ?? null;

describe('the call that ends the waiting', () => {
  it('is none of those that were there before', () => {
    expect(shown([endedRow(record('a'))], new Set(['a']))).toBeNull();
    expect(shown([])).toBeNull();
  });

  it('is an ended one before a running one, and the newest of those', () => {
    const running = runningRow(record('c'));
    expect(shown([running])).toBe('c');
    expect(shown([endedRow(record('a')), endedRow(record('b')), running])).toBe('b');
  });

  it('is a call of one’s own before sample traffic, of which only a good one counts', () => {
    const good = endedRow(record('s', sample));
    expect(shown([endedRow(record('t', { ...sample, outcome: 'rate_limited' }))])).toBeNull();
    expect(shown([good])).toBe('s');
    expect(shown([runningRow(record('own')), good])).toBe('own');
  });
});

describe('what a first call tells', () => {
  it.each(Outcome.options)('has words for %s, and praise for success alone', (outcome) => {
    const { good, words } = callVerdict({ outcome, statusCode: null });
    expect(good).toBe(outcome === 'ok');
    expect(words).toMatch(/\.$/);
  });

  it('names the key where the provider refused it', () => {
    expect(callVerdict({ outcome: 'client_error', statusCode: 401 }).words).toContain('refused the key (HTTP 401)');
    expect(callVerdict({ outcome: 'client_error', statusCode: 404 }).words).toContain('base URL');
  });
});
