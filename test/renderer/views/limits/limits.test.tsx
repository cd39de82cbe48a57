import { describe, expect, it } from 'vitest';
import { Limits } from '../../../../renderer/views/limits/limits.tsx';
import { gatewayFacts, upstreamDetail, upstreamFacts } from '../../../../renderer/views/limits/health-facts.ts';
import { createDrawing } from '../../fixture/render-html.tsx';
import { healthAnswer } from '../../fixture/snowflake-answers.ts';

describe('the Limits & health screen', () => {
  it('has its panels before the first answers are there', () => {
    const html = createDrawing({ snowflake: 'off' }).html(<Limits />);
    expect(html).toContain('Rates against limits');
    expect(html).toContain('Refused and failed calls over time');
    expect(html).toContain('aria-label="Gateway"');
  });
});

describe('health in words', () => {
  it('says that nothing is known where nobody called', () => {
    const upstream = { name: 'gemini', origin: 'https://example.invalid', state: 'ok', lastError: null } as const;
    expect(upstreamDetail({ ...upstream, calls: 0, failures: 0 })).toBe('No call in the last 5 minutes');
    expect(upstreamFacts({ ...upstream, calls: 0, failures: 0 })[1]).toMatchObject({ value: '–' });
    expect(upstreamFacts({ ...upstream, calls: 4, failures: 1 })[1]).toMatchObject({ value: '1', tone: 'bad' });
  });

  it('leaves connections open until they were asked for', () => {
    expect(gatewayFacts(healthAnswer('off'), null)[1]).toEqual({ name: 'Calls in flight', value: '–' });
    const known = { websocket: { current: 2, peak: 3, total: 9 }, proxy: { inFlight: 5 } };
    expect(gatewayFacts(healthAnswer('off'), known)[2]).toMatchObject({ value: '2', title: 'At most 3 at once' });
  });
});
