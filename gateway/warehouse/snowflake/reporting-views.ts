/**
 * Views for people who open a worksheet: the dashboard's own measures, so that both show the same figures. Success and tokens are those of
 * generation calls (DESIGN §7), cost that of every call that has one; a cost of NULL is unpriced, never 0.
 */
import { createHash } from 'node:crypto';
import { unpricedSql } from '../../../contract/unpriced.ts';
import { objectNames, schemaOf, type Place } from './object-names.ts';

export interface ReportingView {
  readonly name: string;
  readonly comment: string;
  readonly sql: string;
}

/** Columns are qualified: Snowflake may take a bare name for an alias of the same list, and SUM(cost_usd) AS cost_usd would nest in the next. */
const measures = [
  'COUNT(*) AS calls',
  'COUNT_IF(m.generation) AS generations',
  "COUNT_IF(m.generation AND m.outcome = 'ok' AND m.status_code < 400) AS succeeded",
  'SUM(CASE WHEN m.generation THEN m.input_tokens END) AS input_tokens',
  'SUM(CASE WHEN m.generation THEN m.output_tokens END) AS output_tokens',
  'SUM(CASE WHEN m.generation THEN m.total_tokens END) AS total_tokens',
  'SUM(m.cost_usd) AS cost_usd',
  `COUNT_IF(${unpricedSql('m')}) AS unpriced_calls`,
];
const firstAndLast = ['MIN(m.started_at) AS first_at', 'MAX(m.started_at) AS last_at'];
const latency = ['AVG(m.duration_ms) AS avg_ms', 'APPROX_PERCENTILE(m.duration_ms, 0.95) AS p95_ms'];

interface Plan {
  readonly name: string;
  /** What one row is. */
  readonly by: readonly string[];
  readonly extra: readonly string[];
}

const plans: readonly Plan[] = [
  { name: 'api_usage_daily', by: ['TO_DATE(m.started_at) AS day', 'm.upstream', 'm.provider'], extra: latency },
  { name: 'api_usage_models', by: ['m.provider', 'm.model'], extra: latency },
  { name: 'api_usage_endpoints', by: ['m.upstream', 'm.method', 'm.endpoint'], extra: latency },
  { name: 'api_usage_users', by: ['m.user_id'], extra: firstAndLast },
  { name: 'api_usage_sessions', by: ['m.session_id'], extra: firstAndLast },
];

function selectOf({ by, extra }: Plan, facts: string): string {
  const list = [...by, ...measures, ...extra].map((item) => `  ${item}`).join(',\n');
  return `SELECT\n${list}\nFROM ${facts} AS m\nGROUP BY ${by.map((_, index) => index + 1).join(', ')}`;
}

function commentOf(plan: Plan): string {
  const fingerprint = createHash('sha256').update(selectOf(plan, 'facts')).digest('hex').slice(0, 12);
  return `AI Studio Monitor view, ${fingerprint}`;
}

/** The comment tells setup whether the view that is there has today's text. */
export function reportingViews(place: Place): readonly ReportingView[] {
  const { facts } = objectNames(place);
  return plans.map((plan) => {
    const comment = commentOf(plan);
    const name = `${schemaOf(place)}.${plan.name}`;
    const sql = `CREATE OR REPLACE VIEW ${name} COPY GRANTS COMMENT = '${comment}' AS\n${selectOf(plan, facts)}`;
    return { name: plan.name, comment, sql };
  });
}
