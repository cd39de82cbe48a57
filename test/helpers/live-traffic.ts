/**
 * Live frames as the gateway sends them (a quarter of a second of calls each, a tick a second), told to a real window by its own main
 * process: through IPC, preload, reducer and screen, without the cost of a gateway and an upstream beside them.
 */
import type { ElectronApplication } from '@playwright/test';
import { InFlightCall } from '../../contract/gateway-api.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { generateRows } from './generated-rows.ts';

export interface LiveTraffic {
  readonly seconds: number; // of traffic, by its own clock
  readonly callsPerSecond: number;
  /** Real time between two quarters of a second; 0 = as fast as the window draws. */
  readonly quarterMs: number;
  /** Where the clock of the traffic starts (epoch ms); it must not go back between two plays. */
  readonly fromMs: number;
}

interface Template {
  readonly running: InFlightCall;
  readonly ended: UsageRecord;
}

const templates = (count: number): Template[] =>
  generateRows({ count, seed: 8, fromMs: 1.7e12, toMs: 1.7e12 + 1_000 }).map((ended) => ({
    running: { ...InFlightCall.parse(ended), ttftMs: null },
    ended,
  }));

/** Resolves when the window has drawn the last frame. */
export async function playTraffic(app: ElectronApplication, traffic: LiveTraffic): Promise<void> {
  const quarter = templates(Math.round(traffic.callsPerSecond / 4));
  await app.evaluate(
    async ({ BrowserWindow }, { calls, seconds, quarterMs, fromMs }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined) throw new Error('There is no window');
      const drawn = () => contents.executeJavaScript('new Promise((done) => requestAnimationFrame(() => done(null)))');
      const tell = (frame: object): void => contents.send('tell:live', frame);
      const idAt = (ms: number, index: number): string => {
        const time = Math.floor(ms).toString(16).padStart(12, '0');
        return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${index.toString(16).padStart(12, '0')}`;
      };
      let before: typeof calls = [];
      for (let second = 0; second < seconds; second += 1) {
        for (let part = 0; part < 4; part += 1) {
          const atMs = fromMs + second * 1_000 + part * 250;
          const stamp = { startedAt: new Date(atMs).toISOString() };
          const now = calls.map(({ running, ended }, index) => {
            const callId = idAt(atMs, index);
            return { running: { ...running, ...stamp, callId }, ended: { ...ended, ...stamp, callId } };
          });
          tell({ type: 'inflight', calls: now.map(({ running }) => running) });
          tell({ type: 'calls', calls: before.map(({ ended }) => ended), dropped: 0 });
          before = now;
          await (quarterMs === 0 ? drawn() : new Promise((done) => setTimeout(done, quarterMs)));
        }
        const at = new Date(fromMs + second * 1_000).toISOString();
        const rates = { inFlight: calls.length, callsPerSecond: calls.length * 4, errorRate: 0.02 };
        const sums = { calls: calls.length * 4, failed: 3, inputTokens: 9_000, outputTokens: 4_000, costUsd: 0.02 };
        const today = {
          calls: second * calls.length * 4,
          costUsd: second * 0.02,
          unpricedCalls: 0,
          notRecorded: 0,
          since: null,
        };
        tell({ type: 'tick', at, second: { at, ...sums }, today, ...rates });
      }
      tell({ type: 'calls', calls: before.map(({ ended }) => ended), dropped: 0 });
      await drawn();
    },
    { ...traffic, calls: quarter },
  );
}
