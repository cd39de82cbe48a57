import { z } from 'zod';
import { type Answer, AppError, toFailure } from '../contract/errors.ts';
import { type AskName, type AskOutput, type AskQuery, asks } from '../contract/ipc.ts';
import { pageOrigin } from './page-url.ts';

/** Who sent a message: null when its frame is already gone. */
export interface Sender {
  readonly origin: string;
  readonly isTopFrame: boolean;
  readonly isOurWindow: boolean;
  /** Aborts when the page is gone: what it asked for is wanted by nobody. */
  readonly left: AbortSignal;
}

/** One handler an ask, as the contract's own; the signal is for those that can stop early. */
export type MainHandlers = {
  readonly [K in AskName]: (input: AskQuery<K>, left: AbortSignal) => Promise<AskOutput<K>>;
};

export type AnswerAsk = (name: AskName, sender: Sender | null, raw: unknown) => Promise<Answer<unknown>>;

/** The same map, typed so that a handler's input follows the ask's name. */
const schemas: { readonly [K in AskName]: { readonly input: z.ZodType<AskQuery<K>> } } = asks;

/** Every ask passes here: sender, then shape, then its handler. Never throws: failures travel as values. */
export function createAnswer(handlers: MainHandlers): AnswerAsk {
  const handle = async <K extends AskName>(name: K, raw: unknown, left: AbortSignal): Promise<AskOutput<K>> =>
    handlers[name](schemas[name].input.parse(raw), left);
  return async (name, sender, raw) => {
    try {
      assertOurPage(sender);
      return { ok: true, value: await handle(name, raw, sender.left) };
    } catch (error) {
      return toFailure(error instanceof z.ZodError ? badRequest(error) : error);
    }
  };
}

/** Exact comparison on purpose: a prefix test lets `app://ui.evil` and friends in. */
function assertOurPage(sender: Sender | null): asserts sender is Sender {
  if (sender?.isTopFrame === true && sender.isOurWindow && sender.origin === pageOrigin) return;
  throw new AppError('forbidden_origin', 'Only the page of this app may ask.');
}

function badRequest(error: z.ZodError): AppError {
  const [issue] = error.issues;
  const field = issue?.path.join('.') ?? '';
  const message = issue?.message ?? 'The request has another shape.';
  return new AppError('bad_request', message, field === '' ? { cause: error } : { field, cause: error });
}
