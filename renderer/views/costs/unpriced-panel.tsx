import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { scrollable } from '../../components/scrollable.ts';
import { formatCalls } from '../../format/numbers.ts';
import { providerLabel } from '../../format/outcome.ts';
import { useActions } from '../../shell/services.tsx';
import { rowsOf } from '../overview/doubtful.ts';
import type { CostAnswers } from './use-costs.ts';

/** Models whose calls no list can price, each with the way to a price of its own. */
export function UnpricedPanel({ query }: { query: CostAnswers['unmetered'] }) {
  const { addPrice, go } = useActions();
  return (
    <Panel
      title="Models without a price"
      className="unpriced-panel"
      query={query}
      isEmpty={({ unmetered }) => rowsOf(unmetered, 'no_price').length === 0}
      empty="Every call has a price"
      actions={
        <Button size="small" look="quiet" onPress={() => go('settings', 'prices')}>
          Price table
        </Button>
      }
    >
      {({ unmetered }) => (
        <ul className="doubt-rows unpriced" {...scrollable} aria-label="Models without a price">
          {rowsOf(unmetered, 'no_price').map(({ provider, model, surface, calls }) => (
            <li key={`${provider} ${model ?? ''} ${surface}`} className="doubt-row">
              <span className="doubt-name">
                <strong className="ellipsis">{model ?? 'unknown model'}</strong>
                <span className="fine num">
                  {providerLabel(provider)} · {formatCalls(calls)}
                </span>
              </span>
              <Button size="small" onPress={() => addPrice({ provider, model })}>
                Add a price
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
