/** What the schema of thresholds cannot say: that the zone exists, and that an id names one thing. */
import { AppError } from '../../contract/errors.ts';
import type { Thresholds } from '../../contract/thresholds.ts';
import { zoneOf } from '../analytics/zone.ts';

/** @throws AppError `bad_request` whose field is the one at fault, like `budgets.1.id` */
export function assertConsistent({ tz, budgets, limits }: Thresholds): void {
  if (tz !== null) zoneOf(tz);
  assertOneOfEach('budgets', budgets);
  assertOneOfEach('limits', limits);
}

function assertOneOfEach(list: 'budgets' | 'limits', entries: readonly { readonly id: string }[]): void {
  const ids = entries.map(({ id }) => id);
  const index = ids.findIndex((id, at) => ids.indexOf(id) < at);
  if (index === -1) return;
  const field = `${list}.${index}.id`;
  throw new AppError('bad_request', `${field}: "${ids[index]}" is used twice. Give each entry an id of its own.`, {
    field,
  });
}
