import { useMemo, useState } from 'react';
import type { GroupBy } from '../../../contract/analytics.ts';
import { assignSlots } from '../../charts/series-colours.ts';

/** As many groups have a colour of their own. */
export const slotCount = 7;

type Slots = ReadonlyMap<string, number>;
const none: Slots = new Map();

/** Colours follow the group, not its rank, on every chart of the screen and for as long as the screen lives. */
export function useSlots(groupBy: GroupBy, groups: readonly string[] | undefined): Slots {
  const [known, setKnown] = useState<ReadonlyMap<GroupBy, Slots>>(new Map());
  const before = known.get(groupBy) ?? none;
  const slots = useMemo(() => assignSlots(before, groups ?? [], slotCount), [before, groups]);
  if (slots !== before) setKnown(new Map([...known, [groupBy, slots]]));
  return slots;
}
