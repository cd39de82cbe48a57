import type { z } from 'zod';
import { type QuestionAnswer, type QuestionName, type QuestionQuery, questions } from '../contract/analytics.ts';
import { toSearchParams } from '../contract/query-string.ts';
import type { GatewayRest } from './gateway-rest.ts';

/** Who answers the analytics questions: the gateway (its embedded DuckDB), or a warehouse that main reaches itself. */
export interface Source {
  /** @param left aborts when nobody waits for the answer any more */
  answer<K extends QuestionName>(name: K, query: QuestionQuery<K>, left: AbortSignal): Promise<QuestionAnswer<K>>;
}

/** The same map, typed so that the answer's schema follows the question's name. */
const schemas: { readonly [K in QuestionName]: { readonly answer: z.ZodType<QuestionAnswer<K>> } } = questions;

/** Questions answered by the gateway's REST API. @throws AppError, see {@link GatewayRest}. */
export function gatewaySource(rest: GatewayRest): Source {
  return {
    answer: (name, query, left) =>
      rest.ask(`/api/analytics/${name}`, schemas[name].answer, {
        params: toSearchParams(query),
        signal: left,
        timeoutMs: query.source === 'snowflake' ? slowMs : quickMs,
      }),
  };
}

const quickMs = 30_000;
/** A Snowflake warehouse that sleeps takes seconds to wake; its statements may run for two minutes. */
const slowMs = 150_000;

/** The fleet's questions go to Snowflake from here where `direct` says that main has what it takes to log in, all others to the gateway. */
export function sourceByQuery(gateway: Source, snowflake: Source, direct: () => boolean): Source {
  return {
    answer: (name, query, left) =>
      (query.source === 'snowflake' && direct() ? snowflake : gateway).answer(name, query, left),
  };
}
