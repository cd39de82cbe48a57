/** The first steps in their order. Pure. */
export const steps = [
  { id: 'ready', label: 'Gateway' },
  { id: 'connect', label: 'Connect a client' },
  { id: 'call', label: 'First request' },
  { id: 'snowflake', label: 'Snowflake' },
] as const;
export type StepId = (typeof steps)[number]['id'];

export function stepNumber(id: StepId): number {
  return steps.findIndex((step) => step.id === id) + 1;
}

/** The step `by` places further; null where there is none. */
export function neighbourStep(id: StepId, by: 1 | -1): StepId | null {
  return steps[stepNumber(id) - 1 + by]?.id ?? null;
}
