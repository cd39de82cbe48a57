/** The trusted time of this data directory (clock-guard.ts), with the stored calls as the first witness of what time it is. */
import { startClockGuard, type ClockGuard } from './clock-guard.ts';
import { dataFiles } from './config.ts';
import type { Logging } from './log.ts';
import type { Shutdown } from './shutdown.ts';
import type { Storage } from './storage.ts';

export async function startClock(
  dataDir: string,
  { files: faults, journal, warehouse }: Pick<Storage, 'files' | 'journal' | 'warehouse'>,
  logging: Logging,
  shutdown: Shutdown,
): Promise<ClockGuard> {
  const beforeMs = Date.now(); // later calls are dated by the clock that is in question
  const upToSeq = journal.lastSeq();
  const clock = await startClockGuard({
    path: dataFiles(dataDir).clock,
    faults,
    log: logging.component('gateway'),
    newestCall() {
      const { state, deliveredSeq } = warehouse.health();
      const isHeld = state === 'ok' && deliveredSeq >= upToSeq;
      if (!isHeld) return Promise.reject(new Error('The warehouse does not hold every row yet.'));
      return warehouse.carryOut('newestCall', { beforeMs });
    },
  });
  shutdown.add('clock', () => clock.stop());
  return clock;
}
