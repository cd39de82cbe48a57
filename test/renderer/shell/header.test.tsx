import { describe, expect, it } from 'vitest';
import { Header } from '../../../renderer/shell/header.tsx';
import { StatusStrip } from '../../../renderer/shell/status-strip.tsx';
import { healthAnswer } from '../fixture/snowflake-answers.ts';
import { createDrawing, type DrawingOptions } from '../fixture/render-html.tsx';

const head = (options: DrawingOptions): string => createDrawing(options).html(<Header />);

describe('the choice of source', () => {
  it('is offered only where a Snowflake is configured', () => {
    expect(head({ snowflake: 'off' })).not.toContain('Snowflake fleet');
    expect(head({ snowflake: 'idle' })).toContain('Snowflake fleet');
  });

  it('says as of when and from how many gateways, and has nothing live to pause', () => {
    const fleet = head({ snowflake: 'fleet', address: { source: 'snowflake' } });
    expect(fleet).toMatch(/as of \d\d:\d\d · 3 gateways|as of \d+ \w+ \d\d:\d\d · 3 gateways/);
    expect(fleet).not.toContain('data-live-switch');
    expect(head({ snowflake: 'fleet' })).toContain('data-live-switch');
  });

  it('falls back to this gateway when the address asks for a fleet that is not configured', () => {
    expect(head({ snowflake: 'off', address: { source: 'snowflake' } })).toContain('data-live-switch');
  });

  it('leaves Live to this gateway and says so', () => {
    const live = { screen: 'live', source: 'snowflake' } as const;
    expect(head({ snowflake: 'fleet', address: live })).toContain('This gateway only');
    expect(head({ snowflake: 'fleet', address: { screen: 'live' } })).not.toContain('This gateway only');
  });
});

describe('the foot of the window', () => {
  const status = {
    phase: 'degraded',
    detail: 'A part needs attention',
    url: 'http://127.0.0.1:8787',
    live: 'connected',
    liveSince: null,
    retryInMs: null,
    suggestedPort: null,
  } as const;

  it('names the part that needs attention with its words, as a way to Storage', () => {
    const { html, live, actions } = createDrawing({ snowflake: 'attention' });
    actions.takeStatus(status);
    live.setState({ health: healthAnswer('attention') });
    expect(html(<StatusStrip />)).toMatch(
      /<button[^>]*title="Have an administrator run[^>]*><strong>Snowflake<\/strong> Have/,
    );
  });

  it('does not speak of the parts of a gateway that is out of reach', () => {
    const { html, live, actions } = createDrawing({ snowflake: 'attention' });
    live.setState({ health: healthAnswer('attention') });
    actions.takeStatus({ ...status, phase: 'stopped', live: 'lost', detail: 'The gateway does not answer' });
    expect(html(<StatusStrip />)).not.toContain('<strong>Snowflake');
    expect(html(<StatusStrip />)).toContain('The gateway does not answer');
  });
});
