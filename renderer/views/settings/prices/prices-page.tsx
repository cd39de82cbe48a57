import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { PricesState } from '../../../../contract/prices.ts';
import { PanelError, Skeleton } from '../../../components/panel.tsx';
import { useAsk } from '../../../query/use-question.ts';
import { useShell } from '../../../shell/services.tsx';
import { Fact, SettingsGroup } from '../setting.tsx';
import { OwnPrices } from './own-prices.tsx';
import { RepriceGroup } from './reprice-group.tsx';

/** What calls cost: the lists in use, the own prices before them, and what to do about calls priced earlier. */
export function PricesPage() {
  const query = useAsk('prices', undefined);
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  const [changed, setChanged] = useState(false);
  if (query.data === undefined) {
    return query.error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={query.error} where="Prices" retry={() => void query.refetch()} />
    );
  }
  return (
    <div className="form-body prices-page" data-stale={stale}>
      <ListsInUse prices={query.data} />
      {query.data.overridesFault === null ? null : <FileFault fault={query.data.overridesFault} />}
      <OwnPrices prices={query.data} onSaved={() => setChanged(true)} />
      <RepriceGroup changed={changed} onDone={() => setChanged(false)} />
    </div>
  );
}

function ListsInUse({ prices: { pricesAsOf, versions, overridesVersion } }: { prices: PricesState }) {
  const others = versions.filter((version) => version !== overridesVersion);
  return (
    <SettingsGroup title="Lists in use" hint="A call keeps the price of the list it was priced with.">
      <Fact name="Prices as of">{pricesAsOf}</Fact>
      <Fact name="Public lists">{others.length === 0 ? 'none' : others.join(' · ')}</Fact>
      <Fact name="Your own list">{overridesVersion ?? 'empty'}</Fact>
    </SettingsGroup>
  );
}

function FileFault({ fault }: { fault: string }) {
  return (
    <div className="callout warn" role="alert">
      <TriangleAlert size={15} aria-hidden />
      <span>
        The file on disk is not in use: {fault}. The last good list stays in force; saving here replaces the file.
      </span>
    </div>
  );
}
