/** Any other HTTP API: every call gets a row, nothing but an error code is read from its bodies. */
import type { ProviderAdapter } from '../adapter.ts';
import { guessTemplate, segmentsOf } from '../endpoint-template.ts';
import { firstSymbol, plainDialect } from '../plain-dialect.ts';

const plain = plainDialect({
  errorCode: (error) => firstSymbol(error['code'], error['type'], error['status']),
  namesModel: false,
});

export const otherAdapter: ProviderAdapter = {
  provider: 'other',
  recognise: (call) => ({
    route: {
      provider: 'other',
      surface: 'other',
      endpoint: guessTemplate(segmentsOf(call.path)),
      modelRequested: null,
    },
    dialect: plain,
  }),
  surfaces: [{ method: 'any', path: '/…', surface: 'other', meters: 'no usage is known: counted as a call' }],
};
