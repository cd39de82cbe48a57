/** `doctor` on the network: does each upstream answer, and does this machine's clock agree with theirs? */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Upstream } from '../config.ts';
import type { Finding } from './finding.ts';

/** Another machine's clock minus ours. */
export interface ClockSight {
  readonly from: string;
  readonly skewMs: number;
}

export interface UpstreamSight {
  readonly finding: Finding;
  readonly clock: ClockSight | null;
}

const answerMs = 5000;

/** Asks for the head of the root without any key: every answer is a good one. One out of reach is a note, not a fault of ours. */
export function lookAtUpstream({ name, origin }: Upstream): Promise<UpstreamSight> {
  const part = `upstream ${name}`;
  return new Promise((resolve) => {
    const request = origin.protocol === 'https:' ? httpsRequest : httpRequest;
    const asked = request(origin, { method: 'HEAD', timeout: answerMs, agent: false }, (response) => {
      response.resume();
      const detail = `${origin.origin} answers (${response.statusCode})`;
      resolve({ finding: { state: 'ok', part, detail }, clock: clockOf(name, response.headers.date) });
    });
    const note = (detail: string): void =>
      resolve({ finding: { state: 'note', part, detail: `${origin.origin} ${detail}` }, clock: null });
    asked.once('timeout', () => {
      note(`did not answer within ${answerMs / 1000} s`);
      asked.destroy();
    });
    asked.once('error', (error) => note(`cannot be reached: ${error.message}`));
    asked.end();
  });
}

/** The header has whole seconds: half a second is the best guess of the rest. */
function clockOf(from: string, date: string | undefined): ClockSight | null {
  const serverMs = Date.parse(date ?? '');
  return Number.isNaN(serverMs) ? null : { from, skewMs: serverMs + 500 - Date.now() };
}

/** A key-pair login to Snowflake must be younger than a minute by Snowflake's clock. */
const badMs = 60_000;
const suspectMs = 20_000;

export function clockFinding(sights: readonly ClockSight[]): Finding {
  const part = 'clock';
  const worst = sights.toSorted((a, b) => Math.abs(b.skewMs) - Math.abs(a.skewMs))[0];
  if (worst === undefined) return { state: 'note', part, detail: 'no server told the time' };
  const seconds = Math.round(Math.abs(worst.skewMs) / 1000);
  const detail = `${seconds} s ${worst.skewMs > 0 ? 'behind' : 'ahead of'} ${worst.from}`;
  if (Math.abs(worst.skewMs) < suspectMs) return { state: 'ok', part, detail: `${detail} at most` };
  const fix = "Set this computer's clock: logins and the times of calls go by it.";
  return { state: Math.abs(worst.skewMs) < badMs ? 'note' : 'failed', part, detail, fix };
}
