import { describe, expect, it } from 'vitest';
import { describeDelta, describePoints, type DeltaMeaning } from '../../../renderer/format/delta.ts';

const against = 'previous 24 h';
const delta = (current: number | null, previous: number | null | undefined, meaning: DeltaMeaning = 'volume') =>
  describeDelta({ current, previous, against, meaning });

describe('describeDelta', () => {
  it('says the change with its direction in words', () => {
    expect(delta(112, 100)).toEqual({ arrow: 'up', text: 'up 12% vs previous 24 h', tone: 'neutral' });
    expect(delta(97, 100)).toEqual({ arrow: 'down', text: 'down 3% vs previous 24 h', tone: 'neutral' });
  });

  it('says "no earlier data" instead of an infinite percentage', () => {
    expect(delta(5, undefined).text).toBe('no earlier data');
    expect(delta(5, null).text).toBe('no earlier data');
    expect(delta(5, 0).text).toBe('none in previous 24 h');
    expect(delta(0, 0).text).toBe('unchanged vs previous 24 h');
  });

  it('does not call noise a change', () => expect(delta(1003, 1000).text).toBe('unchanged vs previous 24 h'));

  it('writes large growth as a factor', () => {
    expect(delta(4300, 100).text).toBe('up 43× vs previous 24 h');
    expect(delta(900, 100).text).toBe('up 800% vs previous 24 h');
  });

  it('never praises a rising cost, and colours latency by what is better', () => {
    expect(delta(2, 1, 'cost').tone).toBe('warn');
    expect(delta(1, 2, 'cost').tone).toBe('neutral');
    expect(delta(2, 1, 'lower-better').tone).toBe('bad');
    expect(delta(1, 2, 'lower-better').tone).toBe('good');
    expect(delta(2, 1).tone).toBe('neutral');
  });

  it('says so when the current value is unknown', () => {
    expect(delta(null, 3).text).toBe('nothing to compare with previous 24 h');
  });
});

it('describes a change of a share in percentage points', () => {
  const points = (current: number, previous: number) =>
    describePoints({ current, previous, against, meaning: 'lower-better' });
  expect(points(0.052, 0.04)).toEqual({ arrow: 'up', text: 'up 1.2 pts vs previous 24 h', tone: 'bad' });
  expect(points(0.04, 0.052).tone).toBe('good');
  expect(points(0.0401, 0.04).text).toBe('unchanged vs previous 24 h');
});
