/** What the journal's tests share: records, a data directory, a started journal, a look at the raw file. */
import Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayConfig } from '../../../gateway/config.ts';
import { silentLog } from '../../../gateway/log.ts';
import { startJournal, type JournalOptions, type RunningJournal } from '../../../gateway/journal/client.ts';
import type { JournalRecord } from '../../../gateway/journal/journal.ts';

export const threadEntry = new URL('../../../gateway/journal/thread.ts', import.meta.url);
export const installId = 'test-install';

export const journalConfig: GatewayConfig['journal'] = {
  synchronous: 'NORMAL',
  capBytes: 512 * 1024 * 1024,
  keepDays: 90,
  durable: true,
};

/** A whole record of a call that ended well. */
export function endedCall(changes: Partial<JournalRecord> = {}): JournalRecord {
  return {
    callId: randomUUID(),
    startedAt: new Date().toISOString(),
    upstream: 'gemini',
    provider: 'google',
    surface: 'generateContent',
    method: 'POST',
    endpoint: '/v1beta/models/{model}:generateContent',
    statusCode: 200,
    outcome: 'ok',
    errorCode: null,
    finishReason: 'STOP',
    durationMs: 812.4,
    firstByteMs: 801.2,
    ttftMs: 801.9,
    overheadMs: 0.4,
    requestBytes: 1200,
    responseBytes: 3400,
    streamed: false,
    modelRequested: 'gemini-2.5-flash',
    model: 'gemini-2.5-flash',
    serviceTier: null,
    inputTokens: 120,
    cachedInputTokens: null,
    cacheWriteTokens: null,
    toolInputTokens: null,
    outputTokens: 480,
    reasoningTokens: 60,
    modalities: { input: { TEXT: 120 } },
    totalTokens: 600,
    usageSource: 'reported',
    usageMismatch: false,
    costUsd: 0.001236,
    costSource: 'list',
    priceVersion: 'test',
    sessionId: 'session-1',
    userId: null,
    keyId: 'k1…abcd',
    client: 'google-genai-js/3.1.0',
    tags: {},
    ...changes,
  };
}

/** The same call while it runs. */
export function runningCall(changes: Partial<JournalRecord> = {}): JournalRecord {
  return endedCall({
    statusCode: null,
    durationMs: null,
    finishReason: null,
    outputTokens: null,
    totalTokens: null,
    ...changes,
  });
}

export interface DataDir extends Disposable {
  readonly path: string;
}

export function freshDataDir(): DataDir {
  const path = mkdtempSync(join(tmpdir(), 'aism-journal-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export function startTestJournal(dataDir: string, changes: Partial<JournalOptions> = {}): Promise<RunningJournal> {
  return startJournal({ dataDir, installId, threadEntry, config: journalConfig, log: silentLog(), ...changes });
}

export interface RawRow {
  readonly seq: number;
  readonly epoch: string;
  readonly call_id: string;
  readonly record: string;
}

/** Asks the file itself through a connection of its own. */
export function withFile<T>(dataDir: string, look: (database: Database.Database) => T): T {
  const database = new Database(join(dataDir, 'journal.db'), { readonly: true });
  try {
    return look(database);
  } finally {
    database.close();
  }
}

export const rawRows = (dataDir: string): RawRow[] =>
  withFile(dataDir, (database) =>
    database.prepare<[], RawRow>('SELECT seq, epoch, call_id, record FROM calls ORDER BY seq').all(),
  );

export const openCallIds = (dataDir: string): string[] =>
  withFile(dataDir, (database) =>
    database.prepare<[], string>('SELECT call_id FROM open_calls ORDER BY call_id').pluck().all(),
  );

export const gaplessFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);
