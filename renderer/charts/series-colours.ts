/**
 * Which palette slot a group has. A model keeps its slot while the window lives, although the order of groups changes with every answer:
 * a colour that jumps from one model to another would make the chart lie.
 */
export const otherGroup = 'other';

/** Slots by group; groups new in `groups` take the lowest free slot of `slotCount`, then share from the start. */
export function assignSlots(
  known: ReadonlyMap<string, number>,
  groups: readonly string[],
  slotCount: number,
): ReadonlyMap<string, number> {
  const missing = groups.filter((group) => group !== otherGroup && !known.has(group));
  if (missing.length === 0) return known;
  const slots = new Map(known);
  for (const group of missing) slots.set(group, freeSlot(slots, groups, slotCount));
  return slots;
}

/** Only groups on screen block a slot; those long gone may be reused. */
function freeSlot(slots: ReadonlyMap<string, number>, groups: readonly string[], slotCount: number): number {
  const taken = new Set(groups.flatMap((group) => slots.get(group) ?? []));
  const free = Array.from({ length: slotCount }, (_, slot) => slot).find((slot) => !taken.has(slot));
  return free ?? slots.size % slotCount;
}
