/** Reports that leave the app: CSV exports with progress, the scheduled report, the printable summary. */
import { z } from 'zod';

const Instant = z.iso.datetime({ offset: true });
const Count = z.int().nonnegative();

export const listQuestions = [
  'calls',
  'models',
  'endpoints',
  'users',
  'sessions',
  'keys',
  'errors',
  'unmetered',
  'limits',
  'usage',
] as const;
export const ListQuestion = z.enum(listQuestions);
export type ListQuestion = z.infer<typeof ListQuestion>;

/**
 * A CSV export of a list question exactly as filtered; the query is checked by the question's own schema. With an `id` the progress is told
 * under it, and it can be cancelled.
 */
export const ExportInput = z.object({
  question: ListQuestion,
  query: z.record(z.string(), z.unknown()),
  id: z.string().min(1).max(64).optional(),
});

/** Where an export went: a saved file (app), a browser download, the printer dialog, or nowhere because the user cancelled. */
export const ExportResult = z.object({
  saved: z.enum(['file', 'download', 'printed', 'cancelled']),
  path: z.string().nullable(),
  rows: z.int().nullable(),
});
export type ExportResult = z.infer<typeof ExportResult>;

/** Told when a file was chosen, and a few times a second while rows are written to it. */
export const ExportProgress = z.object({ id: z.string(), rows: Count, bytes: Count });
export type ExportProgress = z.infer<typeof ExportProgress>;

/** A report of the day (week) that ended, written to a folder by the desktop app while it runs; a missed one is made at the next start. */
export const ReportSchedule = z.object({
  every: z.enum(['off', 'day', 'week']), // a week begins on Monday
  hour: z.int().min(0).max(23), // of the user's own zone
  folder: z.string().max(4096).nullable(),
  questions: z.array(ListQuestion).min(1),
});
export type ReportSchedule = z.infer<typeof ReportSchedule>;
export const noReport: ReportSchedule = {
  every: 'off',
  hour: 7,
  folder: null,
  questions: ['usage', 'models', 'users'],
};

export const ReportState = z.object({
  schedule: ReportSchedule,
  nextAt: Instant.nullable(),
  lastAt: Instant.nullable(),
  lastFiles: z.array(z.string()), // full paths
  lastError: z.string().nullable(),
});
export type ReportState = z.infer<typeof ReportState>;

/** What the printable summary covers: the query of a range, as the screen shows it. The `id` is as for an export. */
export const SummaryInput = z.object({
  query: z.record(z.string(), z.unknown()),
  id: z.string().min(1).max(64).optional(),
});

/** Asks that need a desktop; in a browser they answer `not_supported_here`, save for the summary, which opens the print dialog. */
export const reportAsks = {
  exportCsv: { input: ExportInput, output: ExportResult },
  cancelExport: { input: z.object({ id: z.string().max(64) }), output: z.void() },
  /** Shows a file in the file manager. Only files that this app wrote: since it started, or as its last report. */
  revealFile: { input: z.object({ path: z.string().max(4096) }), output: z.void() },
  saveSummary: { input: SummaryInput, output: ExportResult },
  reportState: { input: z.void(), output: ReportState },
  saveReport: { input: ReportSchedule, output: ReportState },
  /** Makes the report of the last whole period now. */
  runReport: { input: z.void(), output: ReportState },
  /** Null when the user changed their mind. */
  chooseFolder: { input: z.void(), output: z.string().nullable() },
} as const;
