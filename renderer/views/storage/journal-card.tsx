import type { UseQueryResult } from '@tanstack/react-query';
import type { Health } from '../../../contract/gateway-api.ts';
import { ShareMeter } from '../../components/share-meter.tsx';
import { stateLook } from '../../format/health.ts';
import { diskUse, journalFacts } from './storage-facts.ts';
import { StoreCard, StoreFacts, StoreState } from './store-card.tsx';

/** Where every call is written first: a local SQLite file with a size of its own. */
export function JournalCard({ query }: { query: UseQueryResult<Health> }) {
  return (
    <StoreCard title="Journal" note="SQLite, on this computer" query={query}>
      {({ checks: { journal } }) => (
        <>
          <StoreState look={stateLook(journal.state)} detail={journal.detail} />
          <ShareMeter label="Disk" {...diskUse(journal)} />
          <StoreFacts facts={journalFacts(journal)} />
        </>
      )}
    </StoreCard>
  );
}
