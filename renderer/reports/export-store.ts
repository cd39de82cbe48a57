/**
 * The files that are being written for this window, and those just written. Invariants: a job is listed from the moment something is written
 * (not while a file is chosen) until it is dismissed or replaced; progress of a job that ended is ignored.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Answer } from '../../contract/errors.ts';
import type { Bridge } from '../../contract/ipc.ts';
import type { ExportProgress, ExportResult, ListQuestion } from '../../contract/reports.ts';
import type { ShellActions } from '../shell/shell-store.ts';
import type { Query } from './frozen-query.ts';

export interface ExportJob {
  readonly id: string;
  readonly what: ListQuestion | 'summary';
  readonly phase: 'choosing' | 'writing' | 'saved' | 'failed';
  readonly rows: number | null;
  readonly bytes: number;
  readonly path: string | null;
  readonly problem: string | null;
}

export type ExportStore = StoreApi<readonly ExportJob[]>;

export interface ExportDesk {
  readonly store: ExportStore;
  /** Resolves when the file is written, or will not be. */
  exportList(question: ListQuestion, query: Query): Promise<void>;
  saveSummary(query: Query): Promise<void>;
  cancel(id: string): void;
  reveal(path: string): Promise<void>;
  dismiss(id: string): void;
}

export interface ExportDeskDeps {
  readonly bridge: Bridge;
  readonly notify: ShellActions['notify'];
}

export function createExportDesk({ bridge, notify }: ExportDeskDeps): ExportDesk {
  const store: ExportStore = createStore(() => []);
  const dismiss = (id: string): void => store.setState((jobs) => jobs.filter((job) => job.id !== id), true);
  bridge.onTold('exportProgress', (progress) => store.setState((jobs) => withProgress(jobs, progress), true));

  const follow = async (id: string, what: ExportJob['what'], answer: Promise<Answer<ExportResult>>): Promise<void> => {
    store.setState((jobs) => [...jobs.filter(isUnderWay), begun(id, what)], true);
    const ended = await answer;
    if (ended.ok && ended.value.saved === 'download') notify('good', 'The download has started');
    const job = jobAfter(ended);
    if (job === null) dismiss(id);
    else store.setState((jobs) => jobs.map((each) => (each.id === id ? { ...each, ...job } : each)), true);
  };

  return {
    store,
    dismiss,
    exportList(question, query) {
      const id = crypto.randomUUID();
      return follow(id, question, bridge.ask('exportCsv', { question, query: { ...query }, id }));
    },
    saveSummary(query) {
      const id = crypto.randomUUID();
      return follow(id, 'summary', bridge.ask('saveSummary', { query: { ...query }, id }));
    },
    cancel: (id) => void bridge.ask('cancelExport', { id }),
    async reveal(path) {
      const answer = await bridge.ask('revealFile', { path });
      if (!answer.ok) notify('bad', answer.message);
    },
  };
}

const isUnderWay = ({ phase }: ExportJob): boolean => phase === 'choosing' || phase === 'writing';

const begun = (id: string, what: ExportJob['what']): ExportJob => ({
  id,
  what,
  phase: 'choosing',
  rows: null,
  bytes: 0,
  path: null,
  problem: null,
});

function withProgress(jobs: readonly ExportJob[], { id, rows, bytes }: ExportProgress): readonly ExportJob[] {
  return jobs.map((job) => (job.id === id && isUnderWay(job) ? { ...job, phase: 'writing', rows, bytes } : job));
}

/** What is left to show of a job that ended; null when nothing is. */
function jobAfter(answer: Answer<ExportResult>): Partial<ExportJob> | null {
  if (!answer.ok) return { phase: 'failed', problem: answer.message };
  const { saved, path, rows } = answer.value;
  return saved === 'file' ? { phase: 'saved', path, rows } : null;
}
