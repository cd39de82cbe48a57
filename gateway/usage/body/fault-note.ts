import type { BodyFault } from './body-sink.ts';

/** How often reading went wrong, and why it did first. */
export class FaultNote {
  failures = 0;
  fault: BodyFault | null = null;

  add(fault: BodyFault): void {
    this.failures += 1;
    this.fault ??= fault;
  }
}
