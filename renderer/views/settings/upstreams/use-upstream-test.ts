import { useMutation } from '@tanstack/react-query';
import { valueOf } from '../../../query/ask-error.ts';
import { useServices } from '../../../shell/services.tsx';

export interface UpstreamTestHandle {
  readonly busy: boolean;
  readonly result: { readonly tone: 'good' | 'bad'; readonly words: string } | null;
  readonly run: (url: string) => void;
  readonly forget: () => void;
}

/** Does somebody answer at an address? */
export function useUpstreamTest(): UpstreamTestHandle {
  const { bridge } = useServices();
  const { data, error, isPending, mutate, reset } = useMutation({
    mutationFn: (url: string) => valueOf(bridge.ask('testUpstream', { url })),
  });
  const failed = error === null ? null : ({ tone: 'bad', words: error.message } as const);
  const tried =
    data === undefined
      ? null
      : ({ tone: data.ok ? 'good' : 'bad', words: withTime(data.message, data.durationMs) } as const);
  return { busy: isPending, result: failed ?? tried, run: mutate, forget: reset };
}

const withTime = (message: string, durationMs: number | null): string =>
  durationMs === null ? message : `${message} It took ${Math.round(durationMs)} ms.`;
