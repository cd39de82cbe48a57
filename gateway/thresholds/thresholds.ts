/**
 * What a team has set itself, kept in `thresholds.json`. Invariants: the set in use is always one that was checked whole; a file that is not
 * one is set aside under a name that is told, and the defaults hold; a set that cannot be written is not taken over.
 */
import { AppError } from '../../contract/errors.ts';
import { Thresholds, type ThresholdsState } from '../../contract/thresholds.ts';
import { readOrSetAside, writePrivateJson } from '../private-file.ts';
import { assertConsistent } from './consistent.ts';

export interface ThresholdsStore {
  state(): ThresholdsState;
  /** @throws AppError `bad_request` naming the field, `data_dir_unusable` when the file cannot be written; then the old set holds */
  replace(thresholds: Thresholds): ThresholdsState;
  onChange(listener: () => void): () => void;
}

export interface ThresholdsLog {
  warn(fields: object, message: string): void;
}

const ThresholdsFile = Thresholds.superRefine((thresholds, context) => {
  try {
    assertConsistent(thresholds);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});

export function openThresholds(path: string, log: ThresholdsLog): ThresholdsStore {
  const listeners = new Set<() => void>();
  let state = read(path, log);
  return {
    state: () => state,
    replace(thresholds) {
      assertConsistent(thresholds);
      write(path, thresholds);
      state = { ...state, thresholds };
      listeners.forEach((listener) => listener());
      return state;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function read(path: string, log: ThresholdsLog): ThresholdsState {
  try {
    const { value, setAside } = readOrSetAside(path, ThresholdsFile);
    if (setAside !== null) log.warn({ setAside }, 'ThresholdsFileSetAside');
    return { thresholds: value ?? Thresholds.parse({}), setAside };
  } catch (error) {
    log.warn({ err: error }, 'ThresholdsFileUnreadable');
    return { thresholds: Thresholds.parse({}), setAside: null };
  }
}

/** People read this file too, so it is laid out for them. */
function write(path: string, thresholds: Thresholds): void {
  try {
    writePrivateJson(path, thresholds, 2);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `thresholds.json cannot be written (${why}). The old budgets, alarms and limits stay in use.`;
    throw new AppError('data_dir_unusable', message, { cause });
  }
}
