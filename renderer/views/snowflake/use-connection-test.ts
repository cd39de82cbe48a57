import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { SnowflakeForm } from '../../../contract/ipc.ts';
import type { SnowflakeStep } from '../../../contract/snowflake.ts';
import { valueOf } from '../../query/ask-error.ts';
import { useServices } from '../../shell/services.tsx';
import { waitingSteps } from './step-list.ts';

export interface ConnectionTest {
  readonly phase: 'untried' | 'running' | 'done' | 'failed';
  readonly steps: readonly SnowflakeStep[];
  readonly clockSkewMs: number | null;
  readonly error: Error | null; // the test itself could not be done
  /** A null form tests what is configured. */
  readonly run: (form: SnowflakeForm | null) => void;
}

/** One connection test; its steps appear as the host tells them. */
export function useConnectionTest(): ConnectionTest {
  const { bridge } = useServices();
  const [told, setTold] = useState<readonly SnowflakeStep[]>(waitingSteps);
  const test = useMutation({
    mutationFn: (form: SnowflakeForm | null) => valueOf(bridge.ask('testSnowflake', form)),
    onMutate: () => setTold(waitingSteps),
  });
  const running = test.isPending;
  useEffect(() => (running ? bridge.onTold('snowflakeSteps', setTold) : undefined), [running, bridge]);
  return {
    phase: running ? 'running' : test.isSuccess ? 'done' : test.isError ? 'failed' : 'untried',
    steps: test.data?.steps ?? told,
    clockSkewMs: test.data?.clockSkewMs ?? null,
    error: test.error,
    run: (form) => test.mutate(form),
  };
}
