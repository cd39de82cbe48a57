import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Thresholds } from '../../../../contract/thresholds.ts';
import { valueOf } from '../../../query/ask-error.ts';
import { askKey } from '../../../query/use-question.ts';
import { useActions, useServices } from '../../../shell/services.tsx';
import { useUnsaved } from '../../../shell/use-unsaved.ts';
import { alertsDraftOf, mergedWith, problemCount, same, type AlertsDraft } from './alerts-draft.ts';

export type ChangeAlerts = (part: Partial<AlertsDraft>) => void;

interface Form {
  readonly base: Thresholds;
  readonly draft: AlertsDraft;
}

const formOf = (base: Thresholds): Form => ({ base, draft: alertsDraftOf(base) });

/** What is on the page and not saved yet. Where nothing is, what others save shows at once. */
export function useAlertsForm(thresholds: Thresholds) {
  const [form, setForm] = useState(() => formOf(thresholds));
  const { base, draft } = form;
  const dirty = !same(draft, alertsDraftOf(base));
  if (!dirty && !same(base, thresholds)) setForm(formOf(thresholds));
  const saving = useSaveAlerts((saved) => setForm(formOf(saved)));
  useUnsaved('budgets and alarms', dirty);
  const wrong = problemCount(draft);
  const change: ChangeAlerts = (part) => {
    saving.reset();
    setForm({ base, draft: { ...draft, ...part } });
  };
  return {
    draft,
    dirty,
    busy: saving.isPending,
    problem: wrong > 0 ? `${wrong} to correct` : (saving.error?.message ?? null),
    change,
    undo: () => {
      saving.reset();
      setForm(formOf(thresholds));
    },
    save: () => {
      if (wrong === 0) saving.mutate(form);
    },
  };
}

/** Thresholds are saved as a whole, so they are read afresh: what was saved elsewhere meanwhile is not put back. */
function useSaveAlerts(onSaved: (saved: Thresholds) => void) {
  const { bridge } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ base, draft }: Form) => {
      const { thresholds } = await valueOf(bridge.ask('thresholds', undefined));
      return valueOf(bridge.ask('saveThresholds', mergedWith(thresholds, base, draft)));
    },
    onSuccess: (state) => {
      client.setQueryData(askKey('thresholds', undefined), state);
      void client.invalidateQueries({ queryKey: askKey('alerts', undefined) });
      onSaved(state.thresholds);
      notify('good', 'Budgets and alarms saved');
    },
    onError: ({ message }) => notify('bad', `Nothing was changed: ${message}`),
  });
}
