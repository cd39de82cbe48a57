/**
 * Jobs that were started here and have not told their usage yet: a background interaction or response tells it in a later GET, and every poll
 * after that repeats it. A job is counted by the first GET that brings usage, and by no other.
 *
 * Only what was started through this gateway, in this run, is waited for: usage of an unknown job may have been counted before, and is left out.
 */
const mostJobs = 10_000;

export interface JobMemory {
  expect(job: string): void;
  /** True once for each expected job. */
  take(job: string): boolean;
  /** Jobs whose usage has not been seen. */
  waiting(): number;
}

export function createJobMemory(): JobMemory {
  const jobs = new Set<string>();
  return {
    expect(job) {
      jobs.delete(job);
      jobs.add(job); // a Set keeps insertion order: the oldest is first
      if (jobs.size <= mostJobs) return;
      const oldest = jobs.values().next();
      if (oldest.done !== true) jobs.delete(oldest.value);
    },
    take: (job) => jobs.delete(job),
    waiting: () => jobs.size,
  };
}
