import type { ReactNode } from 'react';
import type { GroupBy } from '../../../contract/analytics.ts';
import { groupChip, groupingWords, groupLabel } from '../../charts/group-names.ts';
import { sentenceCase, type PreviousPeriod } from '../../charts/previous.ts';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { measureOf, sumOf, type Measure, type UsageMatrix } from '../../charts/usage-matrix.ts';
import { formatMeasure, groupColour } from '../../charts/usage-option.ts';
import { scrollable } from '../../components/scrollable.ts';
import { withChip } from '../../requests/request-filter.ts';
import { useActions } from '../../shell/services.tsx';

export interface UsageLegendProps {
  readonly matrix: UsageMatrix;
  readonly measure: Measure;
  readonly groupBy: GroupBy;
  readonly slots: ReadonlyMap<string, number>;
  readonly previous: PreviousPeriod | null;
}

/** The groups with their sums; each that a filter can name leads to its calls. */
export function UsageLegend({ matrix, measure, groupBy, slots, previous }: UsageLegendProps) {
  const theme = useChartTheme();
  return (
    <ul className="legend" aria-label={`Legend, by ${groupingWords(groupBy)}`} {...scrollable}>
      {matrix.groups.map((group, row) => (
        <li key={group}>
          <GroupLink groupBy={groupBy} group={group}>
            <span className="swatch" style={{ background: groupColour(group, slots, theme) }} />
            <span className="legend-name">{groupLabel(groupBy, group)}</span>
            <span className="num">{formatMeasure(measure, sumOf(matrix.values[row] ?? []))}</span>
          </GroupLink>
        </li>
      ))}
      {previous === null ? null : (
        <li className="legend-previous">
          <span className="legend-item">
            <span className="stroke before" />
            <span className="legend-name">{sentenceCase(previous.name)}</span>
            <span className="num">{formatMeasure(measure, totalBefore(previous, measure))}</span>
          </span>
        </li>
      )}
    </ul>
  );
}

function totalBefore({ points }: PreviousPeriod, measure: Measure): number | null {
  return sumOf(points.map((point) => (point === null ? null : measureOf(point, measure))));
}

interface GroupLinkProps {
  readonly groupBy: GroupBy;
  readonly group: string;
  readonly children: ReactNode;
}

function GroupLink({ groupBy, group, children }: GroupLinkProps) {
  const { showRequests } = useActions();
  const chip = groupChip(groupBy, group);
  const label = groupLabel(groupBy, group);
  if (chip === null)
    return (
      <span className="legend-item" title={label}>
        {children}
      </span>
    );
  return (
    <button
      type="button"
      className="legend-item"
      title={`${label}: show its calls in Requests`}
      onClick={() => showRequests({ search: '', filter: withChip({}, chip) })}
    >
      {children}
    </button>
  );
}
