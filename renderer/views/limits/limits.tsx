import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Outcome } from '../../../contract/usage-record.ts';
import type { AskOutput } from '../../../contract/ipc.ts';
import { valueOf } from '../../query/ask-error.ts';
import { askKey, useAsk, useQuestion } from '../../query/use-question.ts';
import { rangeQuery } from '../../range/range-query.ts';
import { useServices, useShell, useZone } from '../../shell/services.tsx';
import { FailuresChart } from './failures-chart.tsx';
import { FailuresPanel } from './failures-panel.tsx';
import { GatewayCard, UpstreamCards } from './health-cards.tsx';
import { RatesPanel } from './rates-panel.tsx';

/** Outcomes that speak of a provider's limits or health; a client's own mistakes and cancelled calls do not. */
const providerFailures: Outcome[] = ['rate_limited', 'upstream_error', 'network_error', 'timeout'];

/** How near calls are to what providers grant, and how everything on their way fares. Always of this gateway. */
export function Limits() {
  const range = rangeQuery(
    useShell((state) => state.range.period),
    useZone(),
  );
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  const rates = useQuestion('panels', 'limits', { ...range, limit: 200 });
  const failures = useQuestion('panels', 'errors', { ...range, filter: { outcome: providerFailures }, limit: 50 });
  const failuresOverTime = useQuestion('panels', 'usage', {
    ...range,
    filter: { outcome: providerFailures },
    groupBy: 'outcome',
  });
  const thresholds = useAsk('thresholds', undefined);
  const health = useAsk('health', undefined);
  const connections = useConnections();
  return (
    <div className="limits" data-stale={stale}>
      <RatesPanel query={rates} exported={() => range} limits={thresholds.data?.thresholds.limits ?? []} />
      <FailuresChart query={failuresOverTime} />
      <FailuresPanel query={failures} exported={() => ({ ...range, filter: { outcome: providerFailures } })} />
      <div className="health-cards">
        <GatewayCard query={health} connections={connections.data} />
        <UpstreamCards query={health} />
      </div>
    </div>
  );
}

const lookEveryMs = 5000;

/** Health is told; connections are not, so they are asked for while the screen is open. */
function useConnections(): UseQueryResult<AskOutput<'connections'>> {
  const { bridge } = useServices();
  return useQuery({
    queryKey: askKey('connections', undefined),
    queryFn: () => valueOf(bridge.ask('connections', undefined)),
    refetchInterval: lookEveryMs,
  });
}
