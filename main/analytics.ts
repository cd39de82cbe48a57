import type { z } from 'zod';
import { type QuestionAnswer, type QuestionName, type QuestionQuery, questions } from '../contract/analytics.ts';
import { toSearchParams } from '../contract/query-string.ts';
import type { GatewayRest } from './gateway-rest.ts';

/** Who answers the analytics questions: the gateway (its embedded DuckDB), or a warehouse that main reaches itself. */
export interface Source {
  answer<K extends QuestionName>(name: K, query: QuestionQuery<K>): Promise<QuestionAnswer<K>>;
}

/** The same map, typed so that the answer's schema follows the question's name. */
const schemas: { readonly [K in QuestionName]: { readonly answer: z.ZodType<QuestionAnswer<K>> } } = questions;

/** Questions answered by the gateway's REST API. @throws AppError, see {@link GatewayRest}. */
export function gatewaySource(rest: GatewayRest): Source {
  return {
    answer: (name, query) =>
      rest.ask(`/api/analytics/${name}`, schemas[name].answer, { params: toSearchParams(query) }),
  };
}
