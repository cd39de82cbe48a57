import { useEffect, useMemo } from 'react';
import type { GroupBy } from '../../../contract/analytics.ts';
import type { ColourSlots } from '../../charts/chart-view.ts';
import { assignSlots } from '../../charts/series-colours.ts';
import { useActions, useShell } from '../../shell/services.tsx';

/** As many groups have a colour of their own. */
export const slotCount = 7;

const none: ColourSlots = new Map();

/** Colours follow the group, not its rank, on every chart of every screen for as long as the window lives. */
export function useSlots(groupBy: GroupBy, groups: readonly string[] | undefined): ColourSlots {
  const known = useShell((state) => state.chartView.slots);
  const { viewCharts } = useActions();
  const before = known.get(groupBy) ?? none;
  const slots = useMemo(() => assignSlots(before, groups ?? [], slotCount), [before, groups]);
  useEffect(() => {
    if (slots !== before) viewCharts({ slots: new Map([...known, [groupBy, slots]]) });
  }, [slots, before, known, groupBy, viewCharts]);
  return slots;
}
