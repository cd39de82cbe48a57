import { useMemo, useState, type ReactNode } from 'react';
import { assignSlots } from '../../charts/series-colours.ts';
import { useShell } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';
import { BudgetPanel } from '../alerts/budget-panel.tsx';
import { NoTraffic, QuietFleetNote, QuietNote } from '../onboarding/no-traffic.tsx';
import { SampleNote } from '../onboarding/sample-note.tsx';
import { DoubtCounters } from './doubt-counters.tsx';
import { EndpointsPanel } from './endpoints-panel.tsx';
import { ErrorsPanel } from './errors-panel.tsx';
import { FleetPanel } from './fleet-panel.tsx';
import { KpiRow } from './kpi-row.tsx';
import { LatencyPanel } from './latency-panel.tsx';
import { ModelsPanel } from './models-panel.tsx';
import { UsagePanel } from './usage-panel.tsx';
import { useOverview, type OverviewAnswers } from './use-overview.ts';

const slotCount = 7;

export function Overview() {
  const { source } = useSource();
  return source === 'snowflake' ? <FleetOverview /> : <OwnOverview />;
}

function OwnOverview() {
  const answers = useOverview();
  const quiet = isQuiet(answers);
  const panels = <OverviewPanels answers={answers} top={quiet ? <QuietNote /> : <SampleNote />} />;
  return quiet ? <NoTraffic>{panels}</NoTraffic> : panels;
}

function FleetOverview() {
  const answers = useOverview();
  const top = isQuiet(answers) ? <QuietFleetNote /> : null;
  return <OverviewPanels answers={answers} top={top} fleet={<FleetPanel />} />;
}

function isQuiet({ metrics }: OverviewAnswers): boolean {
  return metrics.data?.totals.calls === 0 && !metrics.isPlaceholderData;
}

interface OverviewPanelsProps {
  readonly answers: OverviewAnswers;
  readonly top: ReactNode;
  readonly fleet?: ReactNode;
}

function OverviewPanels({ answers, top, fleet }: OverviewPanelsProps) {
  const slots = useModelSlots(answers.usageByModel.data?.groups);
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  return (
    <div className="overview" data-stale={stale}>
      {top}
      <KpiRow metrics={answers.metrics} usage={answers.usage} />
      <DoubtCounters metrics={answers.metrics} unmetered={answers.unmetered} />
      <BudgetPanel />
      {fleet}
      <UsagePanel query={answers.usageByModel} slots={slots} />
      <LatencyPanel query={answers.usage} />
      <ModelsPanel query={answers.models} slots={slots} />
      <EndpointsPanel query={answers.endpoints} />
      <ErrorsPanel query={answers.errors} />
    </div>
  );
}

/** Colours follow the model, not its rank, on every chart of the screen and for as long as the screen lives. */
function useModelSlots(groups: readonly string[] | undefined): ReadonlyMap<string, number> {
  const [known, setKnown] = useState<ReadonlyMap<string, number>>(new Map());
  const slots = useMemo(() => assignSlots(known, groups ?? [], slotCount), [known, groups]);
  if (slots !== known) setKnown(slots);
  return slots;
}
