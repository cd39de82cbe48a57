/** `journal check`: looks at everything that must hold in a journal and changes nothing (read-only; the gateway may be running). */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { UsageRecord } from '../../contract/usage-record.ts';
import { dataFiles } from '../config.ts';
import { toFailure } from '../../contract/errors.ts';
import { readJsonSync } from '../private-file-sync.ts';
import { foreignJournal } from './identity.ts';
import { journalPath, quarantinedFiles } from './files.ts';
import { newestVersion } from './migrations/migrate.ts';
import { isIntact, type SealedRow } from './row-checksum.ts';
import { isDriverError } from './scan.ts';

export interface JournalReport {
  readonly path: string;
  readonly ok: boolean; // no problems
  readonly problems: readonly string[]; // plain sentences
  readonly schemaVersion: number | null;
  readonly rows: number;
  readonly openRows: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly gaps: readonly { readonly from: number; readonly to: number }[]; // seqs without a row, after the first one kept
  readonly removedSampleRows: number; // explains gaps
  readonly damagedSeqs: readonly number[]; // wrong checksum or not a usage record
  readonly duplicateCalls: readonly string[];
  readonly deliveries: readonly { readonly destination: string; readonly seq: number }[];
  readonly quarantined: readonly string[]; // names of files set aside
}

const listed = 100; // gaps, damaged rows and duplicates named at most

/** Never throws for a damaged file: what is wrong becomes a problem of the report. */
export function checkJournal(dataDir: string): JournalReport {
  const path = journalPath(dataDir);
  const empty = emptyReport(path, existsSync(dataDir) ? quarantinedFiles(dataDir) : []);
  if (!existsSync(path)) return withProblems(empty, ['There is no journal in this data directory yet.']);
  let database: Database.Database | null = null;
  try {
    database = new Database(path, { readonly: true, timeout: 1000 });
    return inspect(dataDir, database, empty);
  } catch (error) {
    if (!isDriverError(error)) throw error;
    return withProblems(empty, [
      `The journal cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  } finally {
    database?.close();
  }
}

function inspect(dataDir: string, database: Database.Database, empty: JournalReport): JournalReport {
  const schemaVersion = Number(database.pragma('user_version', { simple: true }));
  const problems = integrityProblems(database);
  if (schemaVersion > newestVersion())
    return withProblems({ ...empty, schemaVersion }, [
      `The file has schema version ${schemaVersion}; this version knows up to ${newestVersion()}.`,
    ]);
  const scan = scanRows(database);
  const number = (sql: string): number => Number(database.prepare<[], number>(sql).pluck().get() ?? 0);
  const report: JournalReport = {
    ...empty,
    ...scan,
    schemaVersion,
    openRows: number('SELECT COUNT(*) FROM open_calls'),
    lastSeq: Math.max(scan.lastSeq, number("SELECT seq FROM sqlite_sequence WHERE name = 'calls'")),
    removedSampleRows: number("SELECT value FROM meta WHERE name = 'sample_removed'"),
    duplicateCalls: database
      .prepare<[], string>(`SELECT call_id FROM calls NOT INDEXED GROUP BY call_id HAVING COUNT(*) > 1 LIMIT ${listed}`)
      .pluck()
      .all(),
    deliveries: database
      .prepare<[], { destination: string; seq: number }>('SELECT destination, seq FROM deliveries ORDER BY destination')
      .all(),
  };
  return withProblems(report, [
    ...problems,
    ...rowProblems(report),
    ...cursorProblems(report),
    ...identityProblems(dataDir, database),
  ]);
}

function integrityProblems(database: Database.Database): string[] {
  const verdicts = database.prepare<[], string>('PRAGMA integrity_check(20)').pluck().all();
  return verdicts.filter((verdict) => verdict !== 'ok').map((verdict) => `Integrity check: ${verdict}`);
}

function scanRows(
  database: Database.Database,
): Pick<JournalReport, 'rows' | 'firstSeq' | 'lastSeq' | 'gaps' | 'damagedSeqs'> {
  const gaps: { from: number; to: number }[] = [];
  const damagedSeqs: number[] = [];
  let rows = 0;
  let firstSeq = 0;
  let lastSeq = 0;
  for (const row of database.prepare<[], SealedRow>('SELECT * FROM calls ORDER BY seq').iterate()) {
    if (rows === 0) firstSeq = row.seq;
    else if (row.seq !== lastSeq + 1 && gaps.length < listed) gaps.push({ from: lastSeq + 1, to: row.seq - 1 });
    if (!isUsageRow(row) && damagedSeqs.length < listed) damagedSeqs.push(row.seq);
    rows += 1;
    lastSeq = row.seq;
  }
  return { rows, firstSeq, lastSeq, gaps, damagedSeqs };
}

function isUsageRow(row: SealedRow): boolean {
  return (
    isIntact(row) && UsageRecord.safeParse({ ...JSON.parse(row.record), streamId: row.epoch, seq: row.seq }).success
  );
}

function rowProblems({ gaps, removedSampleRows, damagedSeqs, duplicateCalls, quarantined }: JournalReport): string[] {
  const missing = gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  // A salvaged file has gaps where rows could not be read; its start has told so.
  const unexplained = quarantined.length === 0 && missing > removedSampleRows;
  return [
    ...(unexplained
      ? [
          `${missing} sequence numbers have no row (first after ${(gaps[0]?.from ?? 1) - 1}); ${removedSampleRows} are explained by removed sample rows.`,
        ]
      : []),
    ...(damagedSeqs.length > 0
      ? [`${damagedSeqs.length} rows are not what was written (first: ${damagedSeqs[0]}).`]
      : []),
    ...(duplicateCalls.length > 0
      ? [`${duplicateCalls.length} calls have more than one row (first: ${duplicateCalls[0]}).`]
      : []),
  ];
}

function cursorProblems({ deliveries, lastSeq }: JournalReport): string[] {
  return deliveries
    .filter(({ seq }) => seq < 0 || seq > lastSeq)
    .map(
      ({ destination, seq }) =>
        `The position of ${destination} is ${seq}, but the last row ever written is ${lastSeq}.`,
    );
}

/** Rows belong to the journal's own identity; an install.json of another one came from elsewhere. */
function identityProblems(dataDir: string, database: Database.Database): string[] {
  const journalId = database.prepare<[], string>("SELECT value FROM meta WHERE name = 'install_id'").pluck().get();
  try {
    const fileId = readJsonSync(dataFiles(dataDir).install, Identified)?.installId;
    const differ = journalId !== undefined && fileId !== undefined && journalId !== fileId;
    return differ ? [foreignJournal(journalId, fileId)] : [];
  } catch (error) {
    return [toFailure(error).message];
  }
}

const Identified = z.object({ installId: z.string() });

const withProblems = (report: JournalReport, problems: readonly string[]): JournalReport => ({
  ...report,
  problems,
  ok: problems.length === 0,
});

function emptyReport(path: string, quarantined: readonly string[]): JournalReport {
  return {
    path,
    ok: true,
    problems: [],
    schemaVersion: null,
    rows: 0,
    openRows: 0,
    firstSeq: 0,
    lastSeq: 0,
    gaps: [],
    removedSampleRows: 0,
    damagedSeqs: [],
    duplicateCalls: [],
    deliveries: [],
    quarantined,
  };
}
