/** The steps of a connection test as they pass: each told at once, the rest `skipped` after a failure. */
import { snowflakeSteps, type SnowflakeStep, type SnowflakeStepName } from '../../../contract/snowflake.ts';

export interface StepOutcome {
  readonly state: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  readonly fix: string | null;
}

export const passed = (detail: string): StepOutcome => ({ state: 'ok', detail, fix: null });
export const warned = (detail: string, fix: string): StepOutcome => ({ state: 'warning', detail, fix });
export const failed = (detail: string, fix: string): StepOutcome => ({ state: 'failed', detail, fix });

export type OnSteps = (steps: readonly SnowflakeStep[]) => void;

export class StepList {
  readonly #onSteps: OnSteps;
  #steps: SnowflakeStep[] = snowflakeSteps.map((step) => ({
    step,
    state: 'waiting',
    detail: '',
    fix: null,
    durationMs: null,
  }));
  #startedAtMs = 0;

  constructor(onSteps: OnSteps) {
    this.#onSteps = onSteps;
  }

  get steps(): readonly SnowflakeStep[] {
    return this.#steps;
  }

  /** The step that runs; null between steps. */
  get running(): SnowflakeStepName | null {
    return this.#steps.find((step) => step.state === 'running')?.step ?? null;
  }

  start(name: SnowflakeStepName): void {
    this.#startedAtMs = performance.now();
    this.#set(name, { state: 'running', detail: '', fix: null, durationMs: null });
  }

  end(name: SnowflakeStepName, outcome: StepOutcome): void {
    this.#set(name, { ...outcome, durationMs: Math.round(performance.now() - this.#startedAtMs) });
  }

  /** Nothing more will run. */
  skipRest(): void {
    this.#steps = this.#steps.map((step) =>
      step.state === 'waiting' ? { ...step, state: 'skipped', detail: 'Not tried: an earlier step failed' } : step,
    );
    this.#onSteps(this.#steps);
  }

  #set(name: SnowflakeStepName, change: Omit<SnowflakeStep, 'step'>): void {
    this.#steps = this.#steps.map((step) => (step.step === name ? { step: name, ...change } : step));
    this.#onSteps(this.#steps);
  }
}
