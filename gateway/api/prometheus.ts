/** The text exposition format of Prometheus, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/ */
import type { Connections, Health } from '../../contract/gateway-api.ts';
import { AlertKind, type AlertsState } from '../../contract/thresholds.ts';
import { drainEnds } from '../proxy/drain.ts';
import { usageFaults } from '../usage/usage-faults.ts';
import { DeliveryPhase, type SnowflakeHealth } from '../../contract/snowflake.ts';
import { tokenKinds, type CallCounters, type Histogram, type UpstreamCounters } from '../live/call-counters.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

export interface Measured {
  readonly health: Health;
  readonly connections: Connections;
  readonly counters: CallCounters;
  readonly alerts: AlertsState;
}

export function prometheusText({ health, connections, counters, alerts }: Measured): string {
  const lines = [
    ...callFamilies(counters),
    ...stateFamilies(health, connections),
    ...alertFamilies(alerts),
    ...processFamilies(health),
  ];
  return `${lines.join('\n')}\n`;
}

type Upstreams = readonly (readonly [name: string, counters: UpstreamCounters])[];

function callFamilies(counters: CallCounters): string[] {
  const upstreams: Upstreams = [...counters.byUpstream()];
  const counter = (name: string, help: string, samplesOf: (upstream: string, own: UpstreamCounters) => Sample[]) =>
    family(
      name,
      help,
      'counter',
      upstreams.flatMap(([upstream, own]) => samplesOf(upstream, own)),
    );
  return [
    ...counter('aism_calls_total', 'Ended calls.', (upstream, own) =>
      [...own.outcomes].map(([outcome, value]) => [{ upstream, outcome }, value]),
    ),
    ...counter('aism_tokens_total', 'Tokens as metered.', (upstream, own) =>
      tokenKinds.map((kind) => [{ upstream, kind }, own.tokens[kind]]),
    ),
    ...counter('aism_cost_usd_total', 'Cost of priced calls in US dollars.', (upstream, own) => [
      [{ upstream }, own.costUsd],
    ]),
    ...counter(
      'aism_unpriced_calls_total',
      'Generation calls that may have cost something and have no known cost.',
      (upstream, own) => [[{ upstream }, own.unpriced]],
    ),
    ...counter(
      'aism_usage_mismatch_total',
      'Calls whose token parts do not add up to the reported total.',
      (upstream, own) => [[{ upstream }, own.mismatched]],
    ),
    ...readingFamilies(counters),
    ...histograms(upstreams),
  ];
}

function readingFamilies({ usageFaults: faults, drains }: CallCounters): string[] {
  return [
    ...family(
      'aism_usage_unread_total',
      'Calls whose usage could not be read.',
      'counter',
      usageFaults.map((reason) => [{ reason }, faults.totals()[reason]]),
    ),
    ...family(
      'aism_drains_total',
      'Answers read on after their client left, by how that ended.',
      'counter',
      drainEnds.map((end) => [{ end }, drains.totals()[end]]),
    ),
  ];
}

function histograms(upstreams: Upstreams): string[] {
  const histogram = (name: string, help: string, pick: (own: UpstreamCounters) => Histogram): string[] => [
    ...header(name, help, 'histogram'),
    ...upstreams.flatMap(([upstream, own]) => histogramLines(name, { upstream }, pick(own))),
  ];
  return [
    ...histogram('aism_call_duration_seconds', 'Time from request to the last byte.', (own) => own.duration),
    ...histogram(
      'aism_time_to_first_token_seconds',
      'Time from request to the first generated token.',
      (own) => own.ttft,
    ),
    ...histogram('aism_gateway_overhead_seconds', 'Time the gateway itself added.', (own) => own.overhead),
  ];
}

function stateFamilies({ checks }: Health, { websocket, proxy }: Connections): string[] {
  const { journal, warehouse } = checks;
  const gauge = (name: string, help: string, value: number): string[] => family(name, help, 'gauge', [[{}, value]]);
  const total = (name: string, help: string, value: number): string[] => family(name, help, 'counter', [[{}, value]]);
  return [
    ...gauge('aism_calls_in_flight', 'Calls running now.', proxy.inFlight),
    ...gauge('aism_websocket_connections', 'Open live connections.', websocket.current),
    ...gauge('aism_journal_bytes', 'Size of the journal on disk.', journal.bytes),
    ...gauge('aism_journal_cap_bytes', 'Size the journal may reach.', journal.capBytes),
    ...gauge('aism_journal_rows', 'Rows in the journal.', journal.rows),
    ...gauge('aism_journal_waiting_rows', 'Rows in memory, not yet durable.', journal.waitingRows),
    ...total(
      'aism_journal_late_commits_total',
      'Responses released before their row was durable.',
      journal.lateCommits,
    ),
    ...total('aism_journal_lost_rows_total', 'Rows that could not be written.', journal.lostRows),
    ...gauge(
      'aism_warehouse_backlog_rows',
      'Rows in the journal that the warehouse does not hold yet.',
      warehouse.backlogRows,
    ),
    ...total('aism_warehouse_restarts_total', 'Restarts of the warehouse process.', warehouse.restarts),
    ...snowflakeFamilies(checks.snowflake),
    ...family('aism_up', 'State of a part: 1 ok, 0.5 degraded, 0 down.', 'gauge', partStates(checks)),
  ];
}

/** Without samples while Snowflake is off: a backlog of 0 would be a claim. */
function snowflakeFamilies({ phase, backlogRows, backlogBytes, deliveredRows, parkedRows }: SnowflakeHealth): string[] {
  const sampled = (name: string, help: string, type: 'counter' | 'gauge', value: number): string[] =>
    family(name, help, type, phase === null ? [] : [[{}, value]]);
  const phases = DeliveryPhase.options.map((name): Sample => [{ phase: name }, name === phase ? 1 : 0]);
  return [
    ...sampled('aism_snowflake_backlog_rows', 'Rows that Snowflake does not hold yet.', 'gauge', backlogRows),
    ...sampled('aism_snowflake_backlog_bytes', 'Their size, estimated.', 'gauge', backlogBytes),
    ...sampled('aism_snowflake_delivered_rows_total', 'Rows delivered to Snowflake.', 'counter', deliveredRows),
    ...sampled('aism_snowflake_parked_rows_total', 'Rows that Snowflake cannot store.', 'counter', parkedRows),
    ...family(
      'aism_snowflake_phase',
      'What delivery is doing: 1 for one phase.',
      'gauge',
      phase === null ? [] : phases,
    ),
  ];
}

/** A budget without a priced call has no sample of spending: 0 would be a claim. */
function alertFamilies({ alerts, budgets }: AlertsState): string[] {
  const holding = AlertKind.options.map((kind): Sample => [
    { kind },
    alerts.filter((alert) => alert.kind === kind && alert.endedAt === null).length,
  ]);
  const labels = ({ budget: { id, name, period } }: AlertsState['budgets'][number]): Labels => ({ id, name, period });
  return [
    ...family('aism_alerts', 'Alerts that hold.', 'gauge', holding),
    ...family(
      'aism_budget_limit_usd',
      'Amount of a budget for each day or month.',
      'gauge',
      budgets.map((state) => [labels(state), state.budget.limitUsd]),
    ),
    ...family(
      'aism_budget_spent_usd',
      'Known cost of the calls of a budget in this day or month.',
      'gauge',
      budgets.flatMap((state): Sample[] => (state.spentUsd === null ? [] : [[labels(state), state.spentUsd]])),
    ),
  ];
}

const level = { ok: 1, degraded: 0.5, down: 0, off: Number.NaN } as const;

function partStates({ journal, warehouse, snowflake, upstreams, background }: Health['checks']): Sample[] {
  const parts: readonly (readonly [Labels, keyof typeof level])[] = [
    [{ part: 'journal' }, journal.state],
    [{ part: 'warehouse' }, warehouse.state],
    [{ part: 'snowflake' }, snowflake.state],
    ...upstreams.map(({ name, state }) => [{ part: 'upstream', upstream: name }, state] as const),
    [{ part: 'background' }, background?.state ?? 'off'],
  ];
  return parts.filter(([, state]) => state !== 'off').map(([labels, state]) => [labels, level[state]]);
}

function processFamilies({ version, uptimeSeconds }: Health): string[] {
  const { user, system } = process.cpuUsage();
  return [
    ...family('aism_build_info', 'The version that runs.', 'gauge', [[{ version }, 1]]),
    ...family('process_start_time_seconds', 'Start of the process, in Unix time.', 'gauge', [
      [{}, Math.round(Date.now() / 1000 - uptimeSeconds)],
    ]),
    ...family('process_cpu_seconds_total', 'CPU time of the process.', 'counter', [[{}, (user + system) / 1e6]]),
    ...family('process_resident_memory_bytes', 'Resident memory of the process.', 'gauge', [
      [{}, process.memoryUsage.rss()],
    ]),
  ];
}

const header = (name: string, help: string, type: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

const family = (name: string, help: string, type: 'counter' | 'gauge', samples: readonly Sample[]): string[] => [
  ...header(name, help, type),
  ...samples.map(([labels, value]) => line(name, labels, value)),
];

function histogramLines(name: string, labels: Labels, { bounds, counts, sum, count }: Histogram): string[] {
  let cumulated = 0;
  const buckets = bounds.map((bound, index) => {
    cumulated += counts[index] ?? 0;
    return line(`${name}_bucket`, { ...labels, le: String(bound) }, cumulated);
  });
  return [
    ...buckets,
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
