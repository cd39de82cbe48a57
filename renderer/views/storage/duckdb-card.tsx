import type { UseQueryResult } from '@tanstack/react-query';
import type { Health } from '../../../contract/gateway-api.ts';
import { useNow } from '../../components/use-now.ts';
import { stateLook } from '../../format/health.ts';
import { useZone } from '../../shell/services.tsx';
import { duckdbFacts } from './storage-facts.ts';
import { StoreCard, StoreFacts, StoreState } from './store-card.tsx';

/** What answers the questions about this gateway's calls; filled from the journal. */
export function DuckdbCard({ query }: { query: UseQueryResult<Health> }) {
  const clock = { nowMs: useNow(1000), tz: useZone() };
  return (
    <StoreCard title="Embedded DuckDB" note="answers the questions" query={query}>
      {({ checks: { warehouse } }) => (
        <>
          <StoreState look={stateLook(warehouse.state)} detail={warehouse.detail} />
          <StoreFacts facts={duckdbFacts(warehouse, clock)} />
        </>
      )}
    </StoreCard>
  );
}
