/** Everything a summary says, asked once, all of the same period, so that its numbers agree with each other. */
import type { QuestionAnswer, RangeInput } from '../../contract/analytics.ts';
import type { Bridge } from '../../contract/ipc.ts';
import { valueOf } from '../query/ask-error.ts';

export interface SummaryData {
  readonly query: RangeInput;
  readonly madeAt: string;
  readonly metrics: QuestionAnswer<'metrics'>;
  readonly usage: QuestionAnswer<'usage'>;
  readonly usageByModel: QuestionAnswer<'usage'>;
  readonly models: QuestionAnswer<'models'>;
  readonly endpoints: QuestionAnswer<'endpoints'>;
  readonly users: QuestionAnswer<'users'>;
  readonly keys: QuestionAnswer<'keys'>;
  readonly errors: QuestionAnswer<'errors'>;
  readonly unmetered: QuestionAnswer<'unmetered'>;
}

export const chartGroups = 7;
const topRows = 10;
const personRows = 8;

/** @throws AppError of the first question that fails: a summary with holes would be taken for whole. */
export async function loadSummary(bridge: Bridge, query: RangeInput): Promise<SummaryData> {
  const byModel = { ...query, groupBy: 'model', groupLimit: chartGroups } as const;
  const [metrics, usage, usageByModel, models, endpoints, users, keys, errors, unmetered] = await Promise.all([
    valueOf(bridge.ask('metrics', query)),
    valueOf(bridge.ask('usage', query)),
    valueOf(bridge.ask('usage', byModel)),
    valueOf(bridge.ask('models', { ...query, limit: topRows })),
    valueOf(bridge.ask('endpoints', { ...query, limit: topRows })),
    valueOf(bridge.ask('users', { ...query, limit: personRows })),
    valueOf(bridge.ask('keys', { ...query, limit: personRows })),
    valueOf(bridge.ask('errors', { ...query, limit: topRows })),
    valueOf(bridge.ask('unmetered', { ...query, limit: 500 })),
  ]);
  const madeAt = new Date().toISOString();
  return { query, madeAt, metrics, usage, usageByModel, models, endpoints, users, keys, errors, unmetered };
}
