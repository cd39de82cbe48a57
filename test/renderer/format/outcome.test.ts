import { describe, expect, it } from 'vitest';
import { Outcome } from '../../../contract/usage-record.ts';
import { isFailure, outcomeLook } from '../../../renderer/format/outcome.ts';

describe('outcomeLook', () => {
  it('gives every outcome its own words', () => {
    const labels = Outcome.options.map((outcome) => outcomeLook(outcome).label);
    expect(new Set(labels).size).toBe(Outcome.options.length);
  });

  it('calls a client abort cancelled and does not count it as an error', () => {
    expect(outcomeLook('client_aborted')).toEqual({ label: 'cancelled', tone: 'neutral', shape: 'slash' });
    expect(isFailure('client_aborted')).toBe(false);
    expect(isFailure('rate_limited')).toBe(true);
  });

  it('never lets colour carry the meaning alone: tones differ in shape', () => {
    const shapesByTone = Map.groupBy([...Outcome.options, 'running' as const].map(outcomeLook), (look) => look.shape);
    for (const looks of shapesByTone.values()) {
      const tones = new Set(looks.map((look) => look.tone));
      expect(tones.size === 1 || looks[0]?.shape === 'slash').toBe(true);
    }
  });
});
