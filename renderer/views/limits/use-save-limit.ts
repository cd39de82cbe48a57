import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LimitRow } from '../../../contract/analytics.ts';
import { valueOf } from '../../query/ask-error.ts';
import { askKey } from '../../query/use-question.ts';
import { useActions, useServices } from '../../shell/services.tsx';
import { withLimit, type LimitDraft } from './limit-draft.ts';

/** Saves the limit of a row. The others are read afresh, so that nothing saved elsewhere meanwhile is put back. */
export function useSaveLimit(row: LimitRow, onSaved: () => void) {
  const { bridge } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (draft: LimitDraft) => {
      const { thresholds } = await valueOf(bridge.ask('thresholds', undefined));
      return valueOf(bridge.ask('saveThresholds', withLimit(thresholds, row, draft, crypto.randomUUID())));
    },
    onSuccess: (state) => {
      client.setQueryData(askKey('thresholds', undefined), state);
      notify('good', 'Limit saved');
      onSaved();
    },
    onError: (error) => notify('bad', `The limit was not saved: ${error.message}`),
  });
}
