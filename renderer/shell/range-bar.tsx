import { ChevronLeft, ChevronRight, Download, FileText, GitCompareArrows, ZoomOut } from 'lucide-react';
import { ToggleButton } from 'react-aria-components';
import { IconButton } from '../components/button.tsx';
import { Hint } from '../components/hint.tsx';
import { useNow } from '../components/use-now.ts';
import { formatBounds, formatZone } from '../format/time.ts';
import { boundsOf } from '../range/range-state.ts';
import { usePeriodExport } from './export-calls.ts';
import { headerParts } from './header-parts.ts';
import { useHistoryKeys } from './history-keys.ts';
import { RangePicker } from './range-picker.tsx';
import { useActions, useLive, useShell, useZone } from './services.tsx';
import { SourceBar } from './source-bar.tsx';

export function RangeBar() {
  const { backInRange, forwardInRange, zoomOut } = useActions();
  const canGoBack = useShell((state) => state.range.past.length > 0);
  const exports = useShell((state) => state.screen === 'overview'); // other screens export what they filter
  const compares = useShell((state) => headerParts(state.screen).compares);
  useHistoryKeys();
  const canGoForward = useShell((state) => state.range.future.length > 0);
  return (
    <>
      <Bounds />
      <SourceBar />
      <div className="range-bar">
        <IconButton label="Back to the period before" shortcut="[" isDisabled={!canGoBack} onPress={backInRange}>
          <ChevronLeft size={16} aria-hidden />
        </IconButton>
        <IconButton label="Forward again" shortcut="]" isDisabled={!canGoForward} onPress={forwardInRange}>
          <ChevronRight size={16} aria-hidden />
        </IconButton>
        <RangePicker />
        <IconButton label="Zoom out" shortcut="Z" onPress={zoomOut}>
          <ZoomOut size={15} aria-hidden />
        </IconButton>
        {compares ? <CompareButton /> : null}
        {exports ? <ExportButtons /> : null}
      </div>
    </>
  );
}

/** The period as absolute times, so that "last 24 hours" can never mean something else than a person thinks. */
function Bounds() {
  const clockMs = useNow(5000);
  const pausedAtMs = useLive((state) => state.pause?.atMs ?? null);
  const period = useShell((state) => state.range.period);
  const tz = useZone();
  const { fromMs, toMs } = boundsOf(period, pausedAtMs ?? clockMs, tz);
  return (
    <p className="bounds">
      <span className="num">{formatBounds(fromMs, toMs, tz)}</span>
      <span className="zone">{formatZone(tz, toMs)}</span>
    </p>
  );
}

function CompareButton() {
  const { viewCharts } = useActions();
  const compare = useShell((state) => state.chartView.compare);
  return (
    <Hint text="Compare with the previous period · C">
      <ToggleButton
        className="icon-button toggle"
        aria-label="Compare with the previous period"
        isSelected={compare}
        onChange={(next) => viewCharts({ compare: next })}
      >
        <GitCompareArrows size={15} aria-hidden />
      </ToggleButton>
    </Hint>
  );
}

function ExportButtons() {
  const { exportCalls, saveSummary } = usePeriodExport();
  return (
    <>
      <IconButton label="Export the calls of this period as CSV" shortcut="E" onPress={exportCalls}>
        <Download size={15} aria-hidden />
      </IconButton>
      <IconButton label="Save a summary of this period as PDF" onPress={saveSummary}>
        <FileText size={15} aria-hidden />
      </IconButton>
    </>
  );
}
