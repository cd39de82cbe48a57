/** Why usage could not be read, counted by reason: a call without numbers is never silently one that used nothing (P6). */
import type { BodyFault } from './body/body-sink.ts';

/** `invalid_count`: a count was negative, broken, too large or no number. `reader_fault`: a mistake of our own in reading. */
export type UsageFault = BodyFault | 'invalid_count' | 'reader_fault';

export const usageFaults = [
  'invalid_count',
  'unreadable',
  'undecodable',
  'too_large',
  'reader_fault',
] as const satisfies readonly UsageFault[];

export interface UsageFaultCounter {
  count(fault: UsageFault): void;
  totals(): Readonly<Record<UsageFault, number>>;
}

export function createUsageFaultCounter(): UsageFaultCounter {
  const totals = { invalid_count: 0, unreadable: 0, undecodable: 0, too_large: 0, reader_fault: 0 };
  return {
    count(fault) {
      totals[fault] += 1;
    },
    totals: () => ({ ...totals }),
  };
}
