import { useMemo } from 'react';
import { Chart } from '../../charts/chart.tsx';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { volumeOption } from '../../charts/volume-option.ts';
import { Button } from '../../components/button.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatBounds } from '../../format/time.ts';
import { volumeBins } from '../../live/seconds.ts';
import { useActions, useLive, useShell, useZone } from '../../shell/services.tsx';

const binMs = 5000;

/** Calls over the last quarter of an hour. Dragging lists only the calls of that stretch. */
export function VolumeSelector() {
  const theme = useChartTheme();
  const tz = useZone();
  const pausedAtMs = useLive((state) => state.pause?.atMs ?? null);
  const clockMs = useNow(pausedAtMs === null ? 1000 : null);
  const seconds = useLive((state) => state.seconds);
  const filter = useShell((state) => state.liveFilter);
  const { filterLive } = useActions();
  const endBin = Math.floor((pausedAtMs ?? clockMs) / binMs) * binMs;
  const option = useMemo(
    () => volumeOption({ bins: volumeBins(seconds, endBin, binMs), binMs, tz, theme, selected: filter.between }),
    [seconds, endBin, tz, theme, filter.between],
  );
  const clear = (): void => filterLive({ ...filter, between: null });
  return (
    <section className="panel volume" aria-label="Calls of the last 15 minutes">
      <Chart
        option={option}
        label="Calls ended in the last 15 minutes, in steps of 5 seconds"
        onRange={(between) => filterLive({ ...filter, between })}
        onReset={clear}
      />
      {filter.between === null ? (
        <span className="volume-tip">Drag to choose a stretch of time</span>
      ) : (
        <span className="volume-tip chosen">
          <span className="num">{formatBounds(filter.between.fromMs, filter.between.toMs, tz)}</span>
          <Button size="small" onPress={clear}>
            Show all
          </Button>
        </span>
      )}
    </section>
  );
}
