import { describe, expect, it } from 'vitest';
import { Thresholds } from '../../../contract/thresholds.ts';
import { alarmCrossing, latencyAlarm, type MeasuredWindow } from '../../../gateway/alerts/alarm-crossings.ts';
import { noMemory, type AlertsMemory } from '../../../gateway/alerts/memory.ts';

const rules = (on: boolean): Thresholds =>
  Thresholds.parse({ latency: { on, p95Ms: 10_000, minutes: 30, minCalls: 20 } });
const window = (p95Ms: number | null, calls = 40): MeasuredWindow => ({ calls, generations: calls, failed: 0, p95Ms });
const look = (memory: AlertsMemory, measured: MeasuredWindow | null, at: string): AlertsMemory =>
  alarmCrossing(memory, latencyAlarm(rules(measured !== null), measured), new Date(at));

const [first, second] = ['2026-11-24T10:00:00.000Z', '2026-11-24T10:00:15.000Z'] as const;
const begun = look(noMemory, window(12_000), first);

describe('an alarm on latency', () => {
  it('names its start, its numbers and the calls it speaks of', () => {
    expect(begun.alerts).toEqual([
      {
        id: `latency:${first}`,
        kind: 'latency',
        level: 'warning',
        title: 'Calls are slow: p95 is 12 s',
        text: 'The slowest 5 % of 40 calls in the last 30 minutes took 12 s or longer. The alarm is set at 10 s.',
        at: first,
        endedAt: null,
        filter: {},
        range: '1h',
      },
    ]);
  });

  it.each([
    ['the calls are fast again', window(7_999)],
    ['no call is left', window(null, 0)],
    ['it is switched off', null],
  ])('ends when %s', (_, measured) => {
    expect(look(begun, measured, second).alerts).toMatchObject([{ id: `latency:${first}`, endedAt: second }]);
  });

  it('that ended may begin again, under another id', () => {
    const ended = look(begun, window(100), second);
    const again = look(ended, window(15_000), '2026-11-24T10:05:00.000Z');
    expect(again.alerts.map(({ id }) => id)).toEqual(['latency:2026-11-24T10:05:00.000Z', `latency:${first}`]);
  });

  it('that holds goes on while fewer calls than it begins with are still slow', () => {
    expect(look(begun, window(12_000, 3), second)).toEqual(begun);
    expect(look(noMemory, window(12_000, 3), second)).toEqual(noMemory);
  });
});
