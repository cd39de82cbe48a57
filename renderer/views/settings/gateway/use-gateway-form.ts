import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { GatewaySettings } from '../../../../contract/app-settings.ts';
import { valueOf } from '../../../query/ask-error.ts';
import { useActions, useServices } from '../../../shell/services.tsx';
import { useUnsaved } from '../../../shell/use-unsaved.ts';
import { checkDraft, draftOf, isSame, type CheckedGateway, type GatewayField } from './gateway-draft.ts';
import { useSaveGateway } from './use-save-gateway.ts';

/** The form of port, address and certificate: what is typed, what is wrong with it, and what the gateway said to it. */
export function useGatewayForm(settings: GatewaySettings) {
  const saved = draftOf(settings);
  const [draft, setDraft] = useState(saved);
  const [submitted, setSubmitted] = useState(false);
  const saving = useSaveGateway('The gateway runs with the new settings', (state) => {
    setDraft(draftOf(state.settings));
    setSubmitted(false);
  });
  const checked = checkDraft(draft, settings);
  const dirty = !isSame(draft, saved);
  useUnsaved('gateway settings', dirty);
  const change = (part: Partial<typeof draft>): void => {
    saving.forget();
    setDraft({ ...draft, ...part });
  };
  const field = (name: GatewayField) => ({
    value: draft[name],
    onChange: (text: string) => change({ [name]: text }),
    problem: problemOf(name, checked.problems.get(name), submitted || draft[name] !== saved[name], saving.failure),
  });
  const undo = (): void => change(saved);
  const save = (): void => {
    setSubmitted(true);
    if (checked.settings !== null) saving.save(checked.settings);
  };
  const findPort = useFreePort((port) => change({ port }));
  const problem = submitted ? wrongWords(checked) : null;
  return {
    draft,
    dirty,
    busy: saving.busy,
    problem: problem ?? saving.failure?.message ?? null,
    field,
    findPort,
    undo,
    save,
  };
}

const wrongWords = ({ settings, problems }: CheckedGateway): string | null =>
  settings === null ? `${problems.size} to correct` : null;

type Failure = ReturnType<typeof useSaveGateway>['failure'];

function problemOf(name: GatewayField, found: string | undefined, spoken: boolean, failure: Failure): string | null {
  if (failure?.field === name) return failure.message;
  return spoken ? (found ?? null) : null;
}

/** Looks for a port nobody listens on, beginning after the one that is typed. */
function useFreePort(onFound: (port: string) => void) {
  const { bridge } = useServices();
  const { notify } = useActions();
  const search = useMutation({
    mutationFn: (port: number) => valueOf(bridge.ask('freePort', { port })),
    onSuccess: (port) => (port === null ? notify('bad', 'No free port was found') : onFound(String(port))),
    onError: ({ message }) => notify('bad', message),
  });
  return (typed: string): void =>
    search.mutate(/^\d{1,5}$/.test(typed) ? Math.min(Number(typed), 65_535) || 8787 : 8787);
}
