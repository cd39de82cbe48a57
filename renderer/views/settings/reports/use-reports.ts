/** The scheduled report as the page shows and changes it. */
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { ReportSchedule, ReportState } from '../../../../contract/reports.ts';
import { valueOf } from '../../../query/ask-error.ts';
import { askKey } from '../../../query/use-question.ts';
import { useServices } from '../../../shell/services.tsx';

const stateKey = askKey('reportState', undefined);
/** A report is made without the page's doing. */
const lookEveryMs = 10_000;

export interface Reports {
  readonly query: UseQueryResult<ReportState>;
  readonly saving: boolean;
  readonly running: boolean;
  save(schedule: ReportSchedule): void;
  runNow(): void;
  /** Null when nothing was chosen. */
  chooseFolder(): Promise<string | null>;
}

export function useReports(): Reports {
  const { bridge, actions } = useServices();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: stateKey,
    queryFn: () => valueOf(bridge.ask('reportState', undefined)),
    refetchInterval: lookEveryMs,
  });
  const take = (state: ReportState): void => void client.setQueryData(stateKey, state);
  const refused = (what: string) => (error: Error) => actions.notify('bad', `${what}: ${error.message}`);
  const save = useMutation({
    mutationFn: (schedule: ReportSchedule) => valueOf(bridge.ask('saveReport', schedule)),
    onSuccess: take,
    onError: refused('Not saved'),
  });
  const run = useMutation({
    mutationFn: () => valueOf(bridge.ask('runReport', undefined)),
    onSuccess: (state) => {
      take(state);
      actions.notify('good', `Report made: ${state.lastFiles.length} files`);
    },
    onError: refused('No report was made'),
  });
  return {
    query,
    saving: save.isPending,
    running: run.isPending,
    save: (schedule) => save.mutate(schedule),
    runNow: () => run.mutate(),
    async chooseFolder() {
      const answer = await bridge.ask('chooseFolder', undefined);
      if (!answer.ok) actions.notify('bad', answer.message);
      return answer.ok ? answer.value : null;
    },
  };
}
