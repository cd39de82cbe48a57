import { useMemo, useState } from 'react';
import { Info } from 'lucide-react';
import { assignSlots } from '../../charts/series-colours.ts';
import { useShell } from '../../shell/services.tsx';
import { NoTraffic, QuietNote } from '../onboarding/no-traffic.tsx';
import { SampleNote } from '../onboarding/sample-note.tsx';
import { EndpointsPanel } from './endpoints-panel.tsx';
import { ErrorsPanel } from './errors-panel.tsx';
import { KpiRow } from './kpi-row.tsx';
import { LatencyPanel } from './latency-panel.tsx';
import { ModelsPanel } from './models-panel.tsx';
import { unmeteredNote } from './unmetered-note.ts';
import { UsagePanel } from './usage-panel.tsx';
import { useOverview, type OverviewAnswers } from './use-overview.ts';

const slotCount = 7;

export function Overview() {
  const answers = useOverview();
  const slots = useModelSlots(answers.usageByModel.data?.groups);
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  const quiet = answers.metrics.data?.totals.calls === 0 && !answers.metrics.isPlaceholderData;
  const panels = (
    <div className="overview" data-stale={stale}>
      {quiet ? <QuietNote /> : <SampleNote />}
      <KpiRow metrics={answers.metrics} usage={answers.usage} />
      <UsagePanel query={answers.usageByModel} slots={slots} />
      <LatencyPanel query={answers.usage} />
      <ModelsPanel query={answers.models} slots={slots} />
      <EndpointsPanel query={answers.endpoints} />
      <ErrorsPanel query={answers.errors} />
      <UnmeteredLine query={answers.unmetered} />
    </div>
  );
  return quiet ? <NoTraffic>{panels}</NoTraffic> : panels;
}

/** Colours follow the model, not its rank, on every chart of the screen and for as long as the screen lives. */
function useModelSlots(groups: readonly string[] | undefined): ReadonlyMap<string, number> {
  const [known, setKnown] = useState<ReadonlyMap<string, number>>(new Map());
  const slots = useMemo(() => assignSlots(known, groups ?? [], slotCount), [known, groups]);
  if (slots !== known) setKnown(slots);
  return slots;
}

function UnmeteredLine({ query }: { query: OverviewAnswers['unmetered'] }) {
  const note = unmeteredNote(query.data?.unmetered ?? []);
  if (note === null) return null;
  return (
    <p className="unmetered">
      <Info size={14} aria-hidden />
      <span>
        {note.text}
        {note.models.length === 0 ? null : <span className="muted"> ({note.models.slice(0, 5).join(', ')})</span>}. Sums
        are marked “at least” where a price is missing.
      </span>
    </p>
  );
}
