import { useMemo, useState } from 'react';
import { Chart } from '../../charts/chart.tsx';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { volumeOption } from '../../charts/volume-option.ts';
import { Button } from '../../components/button.tsx';
import { PlainTable, TableToggle } from '../../components/chart-panel.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatBounds } from '../../format/time.ts';
import type { LiveFilter } from '../../live/live-filter.ts';
import { sameBins, volumeBins, type VolumeBin } from '../../live/seconds.ts';
import { volumeTable } from '../../live/volume-table.ts';
import { useActions, useLive, useServices, useShell, useZone } from '../../shell/services.tsx';

const binMs = 5000;

/** Calls over the last quarter of an hour. Dragging lists only the calls of that stretch. */
export function VolumeSelector() {
  const theme = useChartTheme();
  const tz = useZone();
  const pausedAtMs = useLive((state) => state.pause?.atMs ?? null);
  const clockMs = useNow(pausedAtMs === null ? 1000 : null);
  const filter = useShell((state) => state.liveFilter);
  const { filterLive } = useActions();
  const [asTable, setAsTable] = useState(false);
  const bins = useBins(pausedAtMs ?? clockMs);
  const option = useMemo(
    () => volumeOption({ bins, binMs, tz, theme, selected: filter.between }),
    [bins, tz, theme, filter.between],
  );
  const clear = (): void => filterLive({ ...filter, between: null });
  return (
    <section className={asTable ? 'panel volume as-table' : 'panel volume'} aria-label="Calls of the last 15 minutes">
      {asTable ? (
        <PlainTable {...volumeTable(bins, tz)} />
      ) : (
        <Chart
          option={option}
          label="Calls ended in the last 15 minutes, in steps of 5 seconds"
          onRange={(between) => filterLive({ ...filter, between })}
          onReset={clear}
        />
      )}
      <div className="volume-toggle">
        <TableToggle asTable={asTable} onChange={setAsTable} />
      </div>
      <VolumeTip between={filter.between} onClear={clear} />
    </section>
  );
}

/** Looked at once a second, not at each of four frames a second: drawing is the dearest part of a tick. The same numbers are the same array. */
function useBins(nowMs: number): readonly VolumeBin[] {
  const { live } = useServices();
  const bins = useMemo(() => volumeBins(live.getState().seconds, nowMs, binMs), [live, nowMs]);
  const [shown, setShown] = useState(bins);
  if (shown === bins || sameBins(shown, bins)) return shown;
  setShown(bins);
  return bins;
}

interface VolumeTipProps {
  readonly between: LiveFilter['between'];
  readonly onClear: () => void;
}

function VolumeTip({ between, onClear }: VolumeTipProps) {
  const tz = useZone();
  if (between === null) return <span className="volume-tip">Drag to choose a stretch of time</span>;
  return (
    <span className="volume-tip chosen">
      <span className="num">{formatBounds(between.fromMs, between.toMs, tz)}</span>
      <Button size="small" onPress={onClear}>
        Show all
      </Button>
    </span>
  );
}
