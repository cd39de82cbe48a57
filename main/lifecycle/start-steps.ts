import { StepError } from './start-fault.ts';

/** Follows the start, so that one that fails or takes too long can say where. */
export interface StartSteps {
  /** Runs a step. @throws StepError that names it, and the file it is about */
  run<T>(step: string, path: string | null, work: () => T | Promise<T>): Promise<T>;
  current(): string;
}

export function createStartSteps(): StartSteps {
  let current = 'Starting';
  return {
    current: () => current,
    async run(step, path, work) {
      current = step;
      try {
        return await work();
      } catch (error) {
        throw error instanceof StepError ? error : new StepError(step, path, error);
      }
    },
  };
}
