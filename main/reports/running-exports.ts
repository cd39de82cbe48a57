import type { ExportResult } from '../../contract/reports.ts';

export const nowhere: ExportResult = { saved: 'cancelled', path: null, rows: null };

/** The exports under way, so that each can be cancelled under the id its page gave it. */
export interface RunningExports {
  /** Without an id only the page's leaving ends it. Cancelled by its id, it answers that nothing was saved. */
  run(
    id: string | undefined,
    left: AbortSignal,
    write: (signal: AbortSignal) => Promise<ExportResult>,
  ): Promise<ExportResult>;
  /** One that has ended, or never was, is no error: the page may be late. */
  cancel(id: string): void;
}

export function createRunningExports(): RunningExports {
  const running = new Map<string, AbortController>();
  return {
    async run(id, left, write) {
      if (id === undefined) return write(left);
      const controller = new AbortController();
      running.set(id, controller);
      try {
        return await write(AbortSignal.any([left, controller.signal]));
      } catch (error) {
        if (controller.signal.aborted) return nowhere;
        throw error;
      } finally {
        running.delete(id);
      }
    },
    cancel: (id) => running.get(id)?.abort(),
  };
}
