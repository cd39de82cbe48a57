import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { PriceExplanation } from '../../../contract/prices.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { Button } from '../../components/button.tsx';
import { formatCostExact, unpricedReason } from '../../format/cost.ts';
import { valueOf } from '../../query/ask-error.ts';
import { askKey } from '../../query/use-question.ts';
import { useActions, useLive, useServices } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';
import { costSourceWords } from './call-facts.ts';
import { costLines, costNotes, lacksPrice } from './cost-words.ts';
import { FactLine } from './fact-line.tsx';

/** Total, the lines that add up to it, and where each number comes from; without a price, why, and the way to one. */
export function CostSection({ record }: { record: UsageRecord }) {
  const explanation = useExplanation(record.callId);
  const reason = unpricedReason(record);
  return (
    <section className="facts">
      <h3>Cost</h3>
      {explanation.data === undefined ? null : <Lines explanation={explanation.data} />}
      <FactLine name="Total" strong>
        {formatCostExact(record.costUsd)}
      </FactLine>
      <p className="fine">
        {reason === null ? `Source: ${costSourceWords(record)}` : (explanation.data?.reason ?? reason)}
      </p>
      {explanation.data === undefined
        ? null
        : costNotes(explanation.data, record).map((note) => (
            <p key={note} className="fine">
              {note}
            </p>
          ))}
      {lacksPrice(record) ? <AddPrice record={record} /> : null}
      {explanation.error === null ? null : <LinesFailed query={explanation} />}
    </section>
  );
}

/** A call that has just ended takes a moment to be stored where its lines are worked out. */
const storedMs = 700;
const storedTries = 3;

function useExplanation(callId: string): UseQueryResult<PriceExplanation> {
  const { bridge } = useServices();
  const own = useLive((state) => state.rows.some((row) => row.call.callId === callId));
  const { source } = useSource();
  const input = { callId, source: own ? 'duckdb' : source } as const;
  return useQuery({
    queryKey: askKey('explainPrice', input),
    queryFn: () => valueOf(bridge.ask('explainPrice', input)),
    retry: (failures) => failures < storedTries,
    retryDelay: storedMs,
  });
}

function Lines({ explanation }: { explanation: PriceExplanation }) {
  return costLines(explanation).map(({ name, factors, cost }) => (
    <FactLine key={`${name} ${factors}`} name={name} detail={factors}>
      {cost}
    </FactLine>
  ));
}

function AddPrice({ record: { provider, model, modelRequested } }: { record: UsageRecord }) {
  const { addPrice } = useActions();
  return (
    <div className="row">
      <Button size="small" onPress={() => addPrice({ provider, model: model ?? modelRequested })}>
        <Plus size={13} aria-hidden />
        Add a price
      </Button>
    </div>
  );
}

function LinesFailed({ query }: { query: UseQueryResult<PriceExplanation> }) {
  return (
    <div className="row">
      <output className="fine">The lines of this cost are not at hand: {query.error?.message}</output>
      <Button size="small" look="quiet" onPress={() => void query.refetch()}>
        Retry
      </Button>
    </div>
  );
}
