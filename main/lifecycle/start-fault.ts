import { exitCodes } from '../../contract/gateway-api.ts';
import { scrub } from '../../contract/scrub.ts';

/** Why the app cannot start, in words for the person who started it. */
export interface StartFault {
  readonly what: string;
  readonly todo: string;
  /** The error as the system gave it; null when `what` says all of it. */
  readonly detail: string | null;
  readonly exitCode: number;
  /** Whether the same start can succeed after the user did something about it. */
  readonly canRetry: boolean;
}

/** A step of the start that failed, with the file it was about. */
export class StepError extends Error {
  readonly step: string;
  readonly path: string | null;

  constructor(step: string, path: string | null, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StepError';
    this.step = step;
    this.path = path;
  }
}

/** The command line or the environment asks for something that does not exist. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Reason {
  readonly why: string;
  readonly todo: string;
}

const elsewhere = 'or start with another folder (--data-dir)';
const inTheWay: Reason['todo'] = `Move it away, ${elsewhere}.`;

/** What the system's codes mean to a person, and what helps. */
const reasons: Readonly<Record<string, Reason>> = {
  EACCES: { why: 'this user has no permission', todo: `Give your user access to it, ${elsewhere}.` },
  EPERM: { why: 'this user has no permission', todo: `Give your user access to it, ${elsewhere}.` },
  EISDIR: { why: 'it is a folder, not a file', todo: inTheWay },
  ENOTDIR: { why: 'a part of its path is a file, not a folder', todo: inTheWay },
  EEXIST: { why: 'a file of that name is in the way', todo: inTheWay },
  ELOOP: { why: 'it is a link that leads back to itself', todo: inTheWay },
  ENAMETOOLONG: { why: 'its name is too long', todo: 'Start with a shorter folder (--data-dir).' },
  ENOSPC: { why: 'the disk is full', todo: 'Free some space and try again.' },
  EDQUOT: { why: 'your disk quota is used up', todo: 'Free some space and try again.' },
  EROFS: { why: 'its disk is read-only', todo: `Make it writable, ${elsewhere}.` },
  ENOENT: { why: 'it is missing, or its folder takes no files', todo: `Check the path, ${elsewhere}.` },
  EIO: { why: 'the disk reports an error', todo: 'Check the disk, then try again.' },
  ESTALE: { why: 'its network drive is gone', todo: 'Connect the drive again, then try again.' },
  EMFILE: { why: 'too many files are open', todo: 'Close other programs, then try again.' },
  ENFILE: { why: 'too many files are open', todo: 'Close other programs, then try again.' },
};

const report = 'Try again. If it stays, open the logs: main.log has the details.';

export function explainStart(error: unknown): StartFault {
  if (error instanceof UsageError) {
    const todo = 'Change that option or environment variable, then start the app again.';
    return { what: error.message, todo, detail: null, exitCode: exitCodes.badUsage, canRetry: false };
  }
  const step = error instanceof StepError ? error : null;
  const cause = step === null ? error : step.cause;
  const detail = scrub(cause instanceof Error ? cause.message : String(cause));
  const code = textOf(cause, 'code');
  const path = step?.path ?? textOf(cause, 'path');
  const reason = code === null ? undefined : reasons[code];
  if (reason === undefined || path === null) {
    const what = step === null ? 'Something in the app failed while it started.' : `${step.step} failed.`;
    return { what, todo: report, detail, exitCode: exitCodes.failed, canRetry: true };
  }
  const what = `${step?.step ?? 'Using a file'} failed: ${path} cannot be used, because ${reason.why}.`;
  return { what, todo: reason.todo, detail, exitCode: exitCodes.heldOrUnusable, canRetry: true };
}

function textOf(error: unknown, name: 'code' | 'path'): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
  return typeof value === 'string' ? value : null;
}
