/** Generated usage: seeded records for oracles, and a fast SQL generator of whole warehouses for benches. */
import { DuckDBInstance } from '@duckdb/node-api';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Outcome, Surface, type UsageRecord } from '../../contract/usage-record.ts';
import { seededRandom } from '../../gateway/sample/answer-plan.ts';
import { duckDbFileName } from '../../gateway/warehouse/duckdb-file.ts';
import { ddl, factTable, offsetTable } from '../../gateway/warehouse/table.ts';

export interface RecordsPlan {
  readonly count: number;
  readonly seed: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly streamId?: string;
  readonly firstSeq?: number;
}

/** Records in time order, `seq` from `firstSeq` on; every nullable field is null now and then. */
export function generateRows(plan: RecordsPlan): UsageRecord[] {
  const random = seededRandom(plan.seed);
  const times = Array.from({ length: plan.count }, () =>
    Math.floor(plan.fromMs + random() * (plan.toMs - plan.fromMs)),
  );
  times.sort((a, b) => a - b);
  return times.map((ms, index) =>
    generateRow(random, ms, plan.streamId ?? 'install:epoch', (plan.firstSeq ?? 1) + index),
  );
}

function generateRow(random: () => number, startedMs: number, streamId: string, seq: number): UsageRecord {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] ?? (values[0] as T);
  const maybe = <T>(value: T, share = 0.9): T | null => (random() < share ? value : null);
  const whole = (max: number) => Math.floor(random() * max);
  const model = maybe(pick(['gemini-2.5-pro', 'gemini-2.5-flash', 'gpt-5', 'claude-opus-5', 'unpriced-model']));
  const outcome = random() < 0.85 ? 'ok' : pick(Outcome.options);
  const durationMs = maybe(Math.exp(random() * 7) * 3);
  return {
    callId: callIdOf(startedMs, seq),
    streamId,
    seq,
    startedAt: new Date(startedMs).toISOString(),
    upstream: pick(['gemini', 'openai', 'anthropic']),
    provider: pick(['google', 'openai', 'anthropic', 'other']),
    surface: random() < 0.7 ? pick(['generateContent', 'chat.completions', 'messages']) : pick(Surface.options),
    method: pick(['POST', 'GET']),
    endpoint: pick(['/v1beta/models/{model}:generateContent', '/v1/chat/completions', '/v1/messages', '/v1/files']),
    statusCode: outcome === 'ok' ? 200 : maybe(pick([200, 400, 429, 500])),
    outcome,
    errorCode:
      outcome === 'ok'
        ? null
        : maybe(pick(['RESOURCE_EXHAUSTED', 'overloaded_error', 'upstream_refused', 'upstream_reset'])),
    finishReason: maybe('STOP'),
    durationMs,
    firstByteMs: durationMs === null ? null : durationMs / 2,
    ttftMs: maybe(random() * 900, 0.5),
    overheadMs: maybe(random() * 2),
    requestBytes: whole(10_000),
    responseBytes: whole(100_000),
    streamed: random() < 0.5,
    modelRequested: model,
    model,
    serviceTier: maybe('default', 0.3),
    inputTokens: maybe(whole(20_000)),
    cachedInputTokens: maybe(whole(5_000), 0.4),
    cacheWriteTokens: maybe(whole(100), 0.1),
    toolInputTokens: null,
    outputTokens: maybe(whole(4_000)),
    reasoningTokens: maybe(whole(1_000), 0.5),
    modalities: maybe({ input: { TEXT: whole(100) } }, 0.2),
    totalTokens: maybe(whole(24_000)),
    usageSource: pick(['reported', 'reported', 'derived', 'estimated', 'none']),
    usageMismatch: random() < 0.03,
    costUsd: model === 'unpriced-model' ? null : maybe(Math.round(random() * 1e8) / 1e9, 0.85),
    costSource: 'list',
    priceVersion: maybe('2026-11-01'),
    sessionId: maybe(`session-${whole(40)}`, 0.8),
    userId: maybe(`user-${whole(12)}`, 0.8),
    keyId: maybe(pick(['a1b2c3…wxyz', 'd4e5f6…1234'])),
    client: maybe('google-genai-js/3.1.0'),
    tags: random() < 0.5 ? { team: pick(['blue', 'red', 'other']), 'cost.center/"x"': 'a~b' } : {},
    units: maybe({ webSearches: whole(5), videoSeconds: random() * 8 }, 0.2),
    idempotencyId: maybe(`i-${whole(40)}`, 0.1),
    attempt: maybe(1 + whole(3), 0.2),
  };
}

/** A UUIDv7 of the given time; the same for the same time and number. */
export function callIdOf(startedMs: number, number: number): string {
  const time = startedMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

const installation = {
  installId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  salt: '5a'.repeat(32),
  createdAt: '2026-01-01T00:00:00.000Z',
};

/** A warehouse file of `rows` calls spread over the `days` before `toMs`, made by SQL: about a million rows in two seconds. */
export async function generateWarehouse(
  dataDir: string,
  { rows, toMs, days }: { rows: number; toMs: number; days: number },
): Promise<void> {
  await writeFile(join(dataDir, 'install.json'), JSON.stringify(installation), { mode: 0o600 }); // whoever has calls has one
  const instance = await DuckDBInstance.create(join(dataDir, duckDbFileName), { threads: '2' });
  try {
    const connection = await instance.connect();
    for (const statement of ddl('duckdb')) await connection.run(statement);
    await connection.run('SELECT setseed(0.42)');
    await connection.run(generatorSql(rows, toMs, days));
    await connection.run(`INSERT INTO ${offsetTable} VALUES ('install:epoch', ?, now() AT TIME ZONE 'UTC')`, [rows]);
    await connection.run('CHECKPOINT');
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

const pickSql = (values: readonly string[], seed: string) =>
  `[${values.map((value) => `'${value}'`).join(', ')}][1 + ((${seed}) % ${values.length})::BIGINT]`;

function generatorSql(rows: number, toMs: number, days: number): string {
  const stepMs = (days * 86_400_000) / rows;
  return `
    INSERT INTO ${factTable} BY NAME
    SELECT
      format('{:08x}-{:04x}-7000-8000-{:012x}', started_ms >> 16, started_ms & 65535, i) AS call_id,
      'install:epoch' AS stream_id,
      i AS seq,
      make_timestamp(started_ms * 1000) AS started_at,
      started_ms,
      ${pickSql(['gemini', 'openai', 'anthropic'], 'r1')} AS upstream,
      ${pickSql(['google', 'openai', 'anthropic'], 'r1')} AS provider,
      surface,
      'POST' AS method,
      '/v1/' || surface AS endpoint,
      CASE WHEN r2 % 20 = 0 THEN 500 ELSE 200 END AS status_code,
      CASE WHEN r2 % 20 = 0 THEN 'upstream_error' ELSE 'ok' END AS outcome,
      CASE WHEN r2 % 20 = 0 THEN 'INTERNAL' END AS error_code,
      'STOP' AS finish_reason,
      exp(random() * 6) * 20 AS duration_ms,
      exp(random() * 4) * 20 AS first_byte_ms,
      exp(random() * 4) * 21 AS ttft_ms,
      random() * 2 AS overhead_ms,
      r3 % 20000 AS request_bytes,
      r4 % 90000 AS response_bytes,
      r4 % 2 = 0 AS streamed,
      'model-' || (r3 % 11) AS model_requested,
      'model-' || (r3 % 11) AS model,
      'default' AS service_tier,
      r2 % 12000 AS input_tokens,
      r2 % 3000 AS cached_input_tokens,
      r3 % 2000 AS output_tokens,
      r3 % 400 AS reasoning_tokens,
      r2 % 12000 + r3 % 2000 AS total_tokens,
      'reported' AS usage_source,
      r4 % 500 = 0 AS usage_mismatch,
      CASE WHEN r3 % 11 = 0 THEN NULL ELSE (random() * 0.1)::DECIMAL(18,9) END AS cost_usd,
      'list' AS cost_source,
      '2026-11-01' AS price_version,
      'session-' || (i // 50) AS session_id,
      'user-' || (r1 % 40) AS user_id,
      'key-' || (r2 % 5) AS key_id,
      'google-genai-js/3.1.0' AS client,
      '{"team":"team-' || (r4 % 12) || '"}' AS tags,
      surface NOT IN ('countTokens', 'files') AS generation
    FROM (
      SELECT *, ${pickSql(['generateContent', 'streamGenerateContent', 'chat.completions', 'messages', 'embeddings', 'countTokens', 'files'], 'r4')} AS surface
      FROM (
        SELECT i, (${toMs} - ${days * 86_400_000} + i * ${stepMs})::BIGINT AS started_ms,
          (random() * 1000000)::BIGINT AS r1, (random() * 1000000)::BIGINT AS r2,
          (random() * 1000000)::BIGINT AS r3, (random() * 1000000)::BIGINT AS r4
        FROM range(1, ${rows + 1}) AS numbers(i)
      )
    )`;
}
