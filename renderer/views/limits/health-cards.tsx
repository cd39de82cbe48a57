import type { UseQueryResult } from '@tanstack/react-query';
import type { Connections, Health, UpstreamHealth } from '../../../contract/gateway-api.ts';
import { stateLook } from '../../format/health.ts';
import { StoreCard, StoreFacts, StoreState } from '../storage/store-card.tsx';
import { gatewayFacts, gatewayLook, upstreamDetail, upstreamFacts } from './health-facts.ts';

export interface GatewayCardProps {
  readonly query: UseQueryResult<Health>;
  readonly connections: Connections | undefined;
}

/** How the gateway itself fares: what it carries, and whether anything waits. */
export function GatewayCard({ query, connections }: GatewayCardProps) {
  return (
    <StoreCard title="Gateway" note="on this computer" query={query}>
      {(health) => (
        <>
          <StoreState look={gatewayLook(health)} detail={`Version ${health.version}`} />
          <StoreFacts facts={gatewayFacts(health, connections ?? null)} />
        </>
      )}
    </StoreCard>
  );
}

export function UpstreamCards({ query }: { query: UseQueryResult<Health> }) {
  return (query.data?.checks.upstreams ?? []).map((upstream) => (
    <UpstreamCard key={upstream.name} query={query} upstream={upstream} />
  ));
}

function UpstreamCard({ query, upstream }: { query: UseQueryResult<Health>; upstream: UpstreamHealth }) {
  return (
    <StoreCard title={upstream.name} note={upstream.origin} query={query}>
      {() => (
        <>
          <StoreState look={stateLook(upstream.state)} detail={upstreamDetail(upstream)} error={upstream.lastError} />
          <StoreFacts facts={upstreamFacts(upstream)} />
        </>
      )}
    </StoreCard>
  );
}
