/** What the gateway and the APIs behind it tell about themselves, as lines of a card. Pure. */
import type { Connections, Health, UpstreamHealth } from '../../../contract/gateway-api.ts';
import { formatSpan } from '../../format/duration.ts';
import { stateLook, type HealthLook } from '../../format/health.ts';
import { dash, formatExact } from '../../format/numbers.ts';
import type { StoreFact } from '../storage/storage-facts.ts';

export function gatewayLook({ status }: Health): HealthLook {
  return stateLook(status);
}

export function gatewayFacts(health: Health, connections: Connections | null): readonly StoreFact[] {
  const { journal, warehouse } = health.checks;
  return [
    { name: 'Running for', value: formatSpan(health.uptimeSeconds * 1000) },
    { name: 'Calls in flight', value: formatExact(connections?.proxy.inFlight ?? null) },
    {
      name: 'Dashboards connected',
      value: formatExact(connections?.websocket.current ?? null),
      ...(connections === null ? {} : { title: `At most ${formatExact(connections.websocket.peak)} at once` }),
    },
    { name: 'Rows not on disk yet', value: formatExact(journal.waitingRows) },
    {
      name: 'Released early',
      value: formatExact(journal.lateCommits),
      title: 'Responses that went to the client before their row was safe on disk',
    },
    { name: 'Rows on the way to DuckDB', value: formatExact(warehouse.backlogRows) },
  ];
}

const quiet = 'No call in the last 5 minutes';

export function upstreamDetail({ calls, failures }: UpstreamHealth): string {
  if (calls === 0) return quiet;
  return failures === 0 ? 'All calls of the last 5 minutes were answered' : 'Some calls of the last 5 minutes failed';
}

export function upstreamFacts({ calls, failures }: UpstreamHealth): readonly StoreFact[] {
  return [
    { name: 'Calls, last 5 minutes', value: formatExact(calls) },
    {
      name: 'Failures',
      value: calls === 0 ? dash : formatExact(failures),
      title: 'Network errors, time-outs and answers of 500 and above',
      ...(failures > 0 ? { tone: 'bad' as const } : {}),
    },
  ];
}
