/** One exchange through the usage tap, for tests of odd bodies. */
import type { Provider } from '../../../contract/usage-record.ts';
import type { UsageFacts } from '../../../gateway/usage/usage-facts.ts';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';

export interface Exchange {
  readonly provider?: Provider;
  readonly path?: string;
  readonly request?: string | Buffer;
  readonly requestHeaders?: readonly string[];
  readonly status?: number;
  readonly headers?: readonly string[];
  readonly response: string | Buffer;
}

export const json = ['content-type', 'application/json'];
export const sse = ['content-type', 'text/event-stream'];
export const gemini = '/v1beta/models/gemini-2.5-flash:generateContent';
export const geminiStream = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';

/** What the tap tells of an exchange whose bodies came in one piece each. */
export async function facts({
  provider = 'google',
  path = gemini,
  request = '',
  requestHeaders = [],
  status = 200,
  headers = json,
  response,
}: Exchange): Promise<UsageFacts> {
  const tap = openUsageTap({ upstream: { provider }, method: 'POST', path, requestHeaders });
  tap.requestChunk(Buffer.from(request));
  tap.responseHead(status, headers);
  tap.responseChunk(Buffer.from(response), 1);
  return tap.finish(true);
}

export const withUsage = (usage: string): string => `{"usageMetadata":${usage},"modelVersion":"gemini-2.5-flash"}`;
export const nothing = {
  inputTokens: null,
  outputTokens: null,
  totalTokens: null,
  cachedInputTokens: null,
  usageSource: 'none',
};
