/** Files of the data directory that cannot be read or written now, for health: the gateway works on without them and says so. */
import type { FilesHealth } from '../contract/gateway-api.ts';

export interface FileFaults {
  /** What is wrong with a file and what that means, in whole sentences; null: nothing any more. */
  note(file: string, fault: string | null): void;
  health(): FilesHealth;
}

export function createFileFaults(): FileFaults {
  const faults = new Map<string, string>();
  return {
    note(file, fault) {
      if (fault === null) faults.delete(file);
      else faults.set(file, fault);
    },
    health() {
      if (faults.size === 0) return { state: 'ok', detail: 'Every file was read.' };
      return { state: 'degraded', detail: [...faults.values()].join(' ') };
    },
  };
}
