/** The door of this stage: a question by name with an unchecked query in, an answer out. Runs against any {@link Warehouse}. */
import type { z } from 'zod';
import type { QuestionAnswer, QuestionName } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { calls } from './calls.ts';
import { endpoints } from './endpoints.ts';
import { errors } from './errors.ts';
import { keys } from './keys.ts';
import { limits } from './limits.ts';
import { metrics } from './metrics.ts';
import { models } from './models.ts';
import type { Question } from './question.ts';
import { sessions } from './sessions.ts';
import { unmetered } from './unmetered.ts';
import { usage } from './usage.ts';
import { users } from './users.ts';

const byName: { readonly [K in QuestionName]: Question<K> } = {
  metrics,
  usage,
  models,
  endpoints,
  users,
  sessions,
  keys,
  errors,
  unmetered,
  limits,
  calls,
};

export const isQuestionName = (name: string): name is QuestionName => Object.hasOwn(byName, name);

export interface AnswerOptions {
  /** The instant that presets end at; default: the clock. */
  readonly now?: Date;
  readonly signal?: AbortSignal;
}

/** @throws AppError `bad_request` naming the field at fault, `cancelled` after an abort, or what the warehouse throws. */
export async function answer<K extends QuestionName>(
  warehouse: Warehouse,
  name: K,
  rawQuery: unknown,
  options: AnswerOptions = {},
): Promise<QuestionAnswer<K>> {
  const question: Question<K> = byName[name];
  const query = question.query.safeParse(rawQuery ?? {});
  if (!query.success) throw badQuery(query.error);
  const context = { now: options.now ?? new Date(), signal: options.signal, question: name };
  return question.answer(warehouse, query.data, context);
}

/** Filters are named as a URL names them: `surface`, `tag.team`. */
function badQuery(error: z.ZodError): AppError {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).filter((part) => typeof part === 'string');
  const field =
    path
      .join('.')
      .replace(/^filter\./, '')
      .replace(/^tags\./, 'tag.') || 'query';
  return new AppError('bad_request', `${field}: ${issue?.message ?? 'is not valid'}`, { field, cause: error });
}
