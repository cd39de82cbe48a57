/** A failed answer as an error, because the query library speaks in thrown errors. */
import { AppError, type Answer } from '../../contract/errors.ts';

export async function valueOf<T>(answer: Promise<Answer<T>>): Promise<T> {
  const settled = await answer;
  if (settled.ok) return settled.value;
  throw new AppError(settled.code, settled.message, settled.field === undefined ? {} : { field: settled.field });
}

const transient = new Set(['gateway_unreachable', 'warehouse_unavailable', 'timeout', 'upstream_timeout', 'cancelled']);

/** Another try helps only where the cause may pass by itself; two tries more, then the panel says what is wrong. */
export function mayRetry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof AppError && transient.has(error.code);
}
