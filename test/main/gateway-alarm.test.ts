import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { GatewayStatus } from '../../contract/ipc.ts';
import { createGatewayAlarm } from '../../main/gateway-alarm.ts';

const status = (phase: GatewayStatus['phase'], detail = ''): GatewayStatus => ({
  phase,
  detail,
  url: null,
  live: 'lost',
  liveSince: null,
  retryInMs: null,
  suggestedPort: null,
});

describe('the alarm about a gateway that is down', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('rings once, after ten seconds, with the newest reason', () => {
    const rings: string[] = [];
    const alarm = createGatewayAlarm((detail) => rings.push(detail));
    alarm.update(status('restarting', 'first'));
    vi.advanceTimersByTime(9000);
    alarm.update(status('failed', 'Port 8787 is taken'));
    expect(rings).toEqual([]);
    vi.advanceTimersByTime(1500);
    alarm.update(status('restarting', 'again'));
    vi.advanceTimersByTime(60_000);
    expect(rings).toEqual(['Port 8787 is taken']);
  });

  test('stays quiet about a short restart and is armed again after a recovery', () => {
    const rings: string[] = [];
    const alarm = createGatewayAlarm((detail) => rings.push(detail));
    alarm.update(status('restarting'));
    vi.advanceTimersByTime(3000);
    alarm.update(status('running'));
    vi.advanceTimersByTime(30_000);
    expect(rings).toEqual([]);
    alarm.update(status('restarting', 'down again'));
    vi.advanceTimersByTime(10_000);
    expect(rings).toEqual(['down again']);
  });

  test('says nothing about a gateway that was stopped on purpose', () => {
    const rings: string[] = [];
    const alarm = createGatewayAlarm((detail) => rings.push(detail));
    alarm.update(status('restarting'));
    alarm.update(status('stopped'));
    vi.advanceTimersByTime(60_000);
    expect(rings).toEqual([]);
  });
});
