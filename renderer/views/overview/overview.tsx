import type { ReactNode } from 'react';
import { unattributedGroup } from '../../../contract/analytics.ts';
import { useShell } from '../../shell/services.tsx';
import { useSource } from '../../shell/use-source.ts';
import { BudgetPanel } from '../alerts/budget-panel.tsx';
import { NoTraffic, QuietFleetNote, QuietNote } from '../onboarding/no-traffic.tsx';
import { SampleNote } from '../onboarding/sample-note.tsx';
import { DoubtCounters } from './doubt-counters.tsx';
import { EndpointsPanel } from './endpoints-panel.tsx';
import { ErrorsPanel } from './errors-panel.tsx';
import { FutureNote } from './future-note.tsx';
import { FleetPanel } from './fleet-panel.tsx';
import { KpiRow } from './kpi-row.tsx';
import { LatencyPanel } from './latency-panel.tsx';
import { ModelsPanel } from './models-panel.tsx';
import { UsagePanel } from './usage-panel.tsx';
import { useSlots } from './use-slots.ts';
import { useOverview, type OverviewAnswers } from './use-overview.ts';

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
  const groupBy = useShell((state) => state.chartView.groupBy);
  const slots = useSlots(groupBy, answers.usageByGroup.data?.groups);
  const modelSlots = useSlots('model', groupBy === 'model' ? answers.usageByGroup.data?.groups : modelsOf(answers));
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  return (
    <div className="overview" data-stale={stale}>
      {top}
      <FutureNote metrics={answers.metrics} />
      <KpiRow metrics={answers.metrics} usage={answers.usage} />
      <DoubtCounters metrics={answers.metrics} unmetered={answers.unmetered} />
      <BudgetPanel />
      {fleet}
      <UsagePanel query={answers.usageByGroup} metrics={answers.metrics} slots={slots} />
      <LatencyPanel query={answers.usage} metrics={answers.metrics} />
      <ModelsPanel query={answers.models} slots={modelSlots} />
      <EndpointsPanel query={answers.endpoints} />
      <ErrorsPanel query={answers.errors} />
    </div>
  );
}

/** While the chart shows other groups, the biggest models have the colours. */
function modelsOf({ models }: OverviewAnswers): readonly string[] | undefined {
  return models.data?.models.map(({ model }) => model ?? unattributedGroup);
}
