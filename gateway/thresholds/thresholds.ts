/**
 * What a team has set itself, kept in `thresholds.json`. Invariants: the set in use is always one that was checked whole; a file that is not
 * one is set aside under a name that is told, and the defaults hold; one that cannot be read is neither replaced nor taken for empty; a set
 * that is not on disk is not in use.
 */
import { AppError } from '../../contract/errors.ts';
import { Thresholds, type ThresholdsState } from '../../contract/thresholds.ts';
import type { FileFaults } from '../file-faults.ts';
import { openKeptFile, type KeptFileLog } from '../kept-file.ts';
import { assertConsistent } from './consistent.ts';

export interface ThresholdsStore {
  state(): ThresholdsState;
  /** @throws AppError `bad_request` naming the field, `data_dir_unusable` when the file cannot be read or written; then the old set holds */
  replace(thresholds: Thresholds): Promise<ThresholdsState>;
  onChange(listener: () => void): () => void;
  stop(): void;
}

/** A zone that this machine does not know is no reason to forget the budgets: they are watched in UTC, and health says so. */
const ThresholdsFile = Thresholds.superRefine((thresholds, context) => {
  try {
    assertConsistent({ ...thresholds, tz: null });
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});

export async function openThresholds(
  path: string,
  faults: Pick<FileFaults, 'note'>,
  log: KeptFileLog,
): Promise<ThresholdsStore> {
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  const meanwhile = 'Budgets and alarms are not checked, and cannot be changed, until it can be.';
  const file = await openKeptFile({ path, schema: ThresholdsFile, meanwhile, faults, log });
  file.onRead(tell);
  const state = (): ThresholdsState => ({
    thresholds: (file.isKnown() ? file.content() : null) ?? defaults,
    setAside: file.setAside(),
    fault: file.fault(),
  });
  return {
    state,
    async replace(thresholds) {
      assertConsistent(thresholds);
      file.content(); // throws while the file is unknown
      // People read this file too, so it is laid out for them.
      await file.write(thresholds, 2).catch(notWritten);
      tell();
      return state();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => file.stop(),
  };
}

const defaults = Thresholds.parse({});

function notWritten(cause: unknown): never {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `thresholds.json cannot be written (${why}). The old budgets, alarms and limits stay in use.`;
  throw new AppError('data_dir_unusable', message, { cause });
}
