/**
 * Which palette slot a group has. A model keeps its slot while it is on the chart, although the order of groups changes with every answer:
 * a colour that jumps from one model to another would make the chart lie. No two groups share a slot; those without one are grey.
 */
import { otherGroup } from '../../contract/analytics.ts';

/** Slots by group; groups new in `groups` take the lowest slot that no group on screen has, from a group that left when none is unused. */
export function assignSlots(
  known: ReadonlyMap<string, number>,
  groups: readonly string[],
  slotCount: number,
): ReadonlyMap<string, number> {
  const missing = groups.filter((group) => group !== otherGroup && !known.has(group));
  if (missing.length === 0) return known;
  const slots = new Map(known);
  const changed = missing.map((group) => takeSlot(slots, group, groups, slotCount));
  return changed.includes(true) ? slots : known;
}

function takeSlot(slots: Map<string, number>, group: string, groups: readonly string[], slotCount: number): boolean {
  const shown = new Set(groups.flatMap((name) => slots.get(name) ?? []));
  const used = new Set(slots.values());
  const all = Array.from({ length: slotCount }, (_, slot) => slot);
  const slot = all.find((candidate) => !used.has(candidate)) ?? all.find((candidate) => !shown.has(candidate));
  if (slot === undefined) return false;
  for (const [name, taken] of slots) {
    if (taken === slot) slots.delete(name);
  }
  slots.set(group, slot);
  return true;
}
