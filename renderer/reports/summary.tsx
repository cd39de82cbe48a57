import { KpiTile } from '../components/kpi-tile.tsx';
import { formatCost } from '../format/cost.ts';
import { isFailure } from '../format/outcome.ts';
import { formatDateTime } from '../format/time.ts';
import { overviewKpis } from '../views/overview/kpis.ts';
import { stillSize, type LegendEntry, type SummaryCharts } from './summary-charts.ts';
import type { SummaryData } from './summary-data.ts';
import { DoubtTable, EndpointsTable, ErrorsTable, ModelsTable, PrincipalsTable } from './summary-tables.tsx';
import {
  againstWords,
  boundsWords,
  filterWords,
  methodNotes,
  periodTitle,
  sourceWords,
  unpricedWords,
} from './summary-words.ts';

export interface SummaryProps {
  readonly data: SummaryData;
  readonly charts: SummaryCharts;
}

/** The summary as it is printed: numbers with what they were before, charts, tables, and how the numbers are made. */
export function Summary({ data, charts }: SummaryProps) {
  const { metrics } = data;
  const { tz } = metrics.range;
  return (
    <article className="paper">
      <Head data={data} />
      <div className="paper-kpis">
        {overviewKpis(metrics, data.usage.points, againstWords(metrics.range)).map((kpi) => (
          <KpiTile key={kpi.label} {...kpi} />
        ))}
      </div>
      <UnpricedNote data={data} />
      <StillFigure title="Cost over time, by model" src={charts.cost} alt="Cost over time, stacked by model" />
      <Legend entries={charts.legend} />
      <StillFigure
        title="Latency: median (lower line) and 95th percentile (upper line)"
        src={charts.latency}
        alt="Latency over time"
      />
      <ModelsTable models={data.models.models} />
      <EndpointsTable endpoints={data.endpoints.endpoints} />
      <div className="paper-pair">
        <PrincipalsTable title="Users by cost" label="User" rows={data.users.users} />
        <PrincipalsTable title="Keys by cost" label="Key" rows={data.keys.keys} />
      </div>
      <ErrorsTable errors={data.errors.errors.filter(({ outcome }) => isFailure(outcome))} tz={tz} />
      <DoubtTable rows={data.unmetered.unmetered} />
      <Notes />
    </article>
  );
}

function Head({ data: { query, metrics, madeAt } }: { data: SummaryData }) {
  const { range } = metrics;
  const filtered = filterWords(query.filter ?? {});
  return (
    <header className="paper-head">
      <p className="paper-kind">AI usage summary</p>
      <h1>{periodTitle(range)}</h1>
      <p className="muted">{boundsWords(range)}</p>
      <p className="muted">
        {sourceWords(query)}
        {filtered === null ? '' : ` · ${filtered}`} · Made {formatDateTime(madeAt, range.tz)}
      </p>
    </header>
  );
}

function UnpricedNote({ data }: { data: SummaryData }) {
  const words = unpricedWords(data.metrics.totals);
  return words === null ? null : <p className="paper-note">{words}</p>;
}

function StillFigure({ title, src, alt }: { title: string; src: string; alt: string }) {
  return (
    <section className="paper-section paper-figure">
      <h2>{title}</h2>
      <img src={src} alt={alt} {...stillSize} />
    </section>
  );
}

function Legend({ entries }: { entries: readonly LegendEntry[] }) {
  return (
    <ul className="paper-legend" aria-label="Legend">
      {entries.map(({ group, colour, costUsd }) => (
        <li key={group}>
          <span className="swatch" style={{ background: colour }} />
          {group === '' ? 'unknown' : group} <span className="num muted">{formatCost(costUsd)}</span>
        </li>
      ))}
    </ul>
  );
}

function Notes() {
  return (
    <section className="paper-section paper-notes">
      <h2>How these numbers are made</h2>
      <ul>
        {methodNotes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
