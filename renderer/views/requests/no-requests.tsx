import { CalendarRange, FilterX } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { isFilteringRequests, noRequestFilter } from '../../requests/request-filter.ts';
import { useActions, useShell } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';
import { NoTraffic } from '../onboarding/no-traffic.tsx';

/** An empty list says why it is empty: the filters, the period, or that there never was a call. */
export function NoRequests() {
  const filtering = useShell((state) => isFilteringRequests(state.requestFilter));
  const { source } = useSource();
  if (filtering) return <NothingPasses />;
  if (source === 'snowflake')
    return <QuietPeriod words="No gateway has delivered a call of this period to Snowflake" />;
  return (
    <NoTraffic>
      <QuietPeriod words="No calls in this period" />
    </NoTraffic>
  );
}

function NothingPasses() {
  const { filterRequests } = useActions();
  return (
    <section className="panel tail" aria-label="Requests" data-face="empty">
      <div className="panel-empty">
        <FilterX size={20} aria-hidden />
        No call of this period passes the filters
        <Button size="small" onPress={() => filterRequests(noRequestFilter)}>
          Clear filters
        </Button>
      </div>
    </section>
  );
}

function QuietPeriod({ words }: { words: string }) {
  const { choosePeriod } = useActions();
  return (
    <section className="panel tail" aria-label="Requests" data-face="empty">
      <div className="panel-empty">
        <CalendarRange size={20} aria-hidden />
        {words}
        <Button size="small" onPress={() => choosePeriod({ kind: 'preset', preset: '90d' })}>
          Show the last 90 days
        </Button>
      </div>
    </section>
  );
}
