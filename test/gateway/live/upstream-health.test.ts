import { describe, expect, it } from 'vitest';
import { createUpstreamTracker } from '../../../gateway/live/upstream-health.ts';
import { usageRecord } from '../../helpers/usage-records.ts';

const upstreams = [{ name: 'gemini', origin: new URL('https://h.example/base') }];
const failed = () => usageRecord({ outcome: 'network_error', statusCode: null, errorCode: 'upstream_refused' });

describe('upstream health', () => {
  it('is ok without calls and after good ones, whatever the client did wrong', () => {
    const tracker = createUpstreamTracker();
    expect(tracker.states(upstreams)).toEqual([
      { name: 'gemini', origin: 'https://h.example', state: 'ok', calls: 0, failures: 0, lastError: null },
    ]);
    tracker.callEnded(usageRecord());
    tracker.callEnded(usageRecord({ outcome: 'client_error', statusCode: 400 }));
    tracker.callEnded(usageRecord({ outcome: 'rate_limited', statusCode: 429 }));
    expect(tracker.states(upstreams)[0]).toMatchObject({ state: 'ok', calls: 3, failures: 0 });
  });

  it('goes down when every call failed, is degraded in between, and names the last error', () => {
    const tracker = createUpstreamTracker();
    for (let index = 0; index < 3; index += 1) tracker.callEnded(failed());
    expect(tracker.states(upstreams)[0]).toMatchObject({
      state: 'down',
      failures: 3,
      lastError: 'network_error upstream_refused',
    });
    for (let index = 0; index < 6; index += 1) tracker.callEnded(usageRecord());
    expect(tracker.states(upstreams)[0]?.state).toBe('degraded');
  });

  it('forgets what is older than five minutes', () => {
    let now = 1_000_000;
    const tracker = createUpstreamTracker(() => now);
    for (let index = 0; index < 3; index += 1) tracker.callEnded(failed());
    now += 310_000;
    expect(tracker.states(upstreams)[0]).toMatchObject({ state: 'ok', calls: 0, failures: 0, lastError: null });
  });
});
