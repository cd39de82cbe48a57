import type { Dialect } from './adapter.ts';
import { modelOf, symbolOf } from './json-value.ts';
import { noCounts } from './usage-counts.ts';

/** For calls that report no usage: nothing but the error code of a failed call is read, and the model the request names. */
export function plainDialect(options: Pick<Dialect, 'errorCode'> & { readonly namesModel: boolean }): Dialect {
  return {
    requestShape: options.namesModel ? { model: 'keep' } : null,
    responseShape: null,
    readRequest(body, draft) {
      draft.modelRequested ??= modelOf(body['model']);
    },
    readBody: () => undefined,
    readEvent: () => undefined,
    errorCode: options.errorCode,
    counts: () => noCounts,
  };
}

/** The first member that looks like a code. */
export function firstSymbol(...candidates: readonly unknown[]): string | null {
  for (const candidate of candidates) {
    const symbol = symbolOf(candidate);
    if (symbol !== null) return symbol;
  }
  return null;
}
