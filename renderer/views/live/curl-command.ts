/**
 * A stored call as a curl command at this gateway. Pure. Bodies, keys and queries of calls are not kept, so the command names where they come
 * from. What a client chose (the model) is percent-encoded: nothing of it can end the quoted address in a shell.
 */
import { assertNever } from '../../../contract/errors.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';

type Called = Pick<
  UsageRecord,
  'upstream' | 'provider' | 'method' | 'endpoint' | 'model' | 'modelRequested' | 'streamed'
>;

export function curlCommand(call: Called, gatewayUrl: string): string {
  const hasBody = call.method !== 'GET' && call.method !== 'HEAD' && call.method !== 'DELETE';
  const parts = [
    `curl --globoff '${addressOf(call, gatewayUrl)}'`,
    ...(call.method === 'POST' || call.method === 'GET' ? [] : [`-X ${call.method}`]),
    ...keyHeaders(call.provider).map((header) => `-H "${header}"`),
    ...(hasBody ? ['-H "content-type: application/json"', '--data @request.json'] : []),
  ];
  return parts.join(' \\\n  ');
}

/** Google's stream is one JSON array unless server-sent events are asked for. */
function addressOf(call: Called, gatewayUrl: string): string {
  const model = call.modelRequested ?? call.model;
  const path = encodeURI(call.endpoint).replaceAll('%7B', '{').replaceAll('%7D', '}');
  const named = model === null ? path : path.replaceAll('{model}', () => encodeURIComponent(model));
  const query = call.streamed && path.endsWith(':streamGenerateContent') ? '?alt=sse' : '';
  return `${gatewayUrl}/${call.upstream}${named}${query}`.replaceAll("'", '%27');
}

function keyHeaders(provider: UsageRecord['provider']): readonly string[] {
  switch (provider) {
    case 'google':
      return ['x-goog-api-key: $GEMINI_API_KEY'];
    case 'openai':
      return ['authorization: Bearer $OPENAI_API_KEY'];
    case 'anthropic':
      return ['x-api-key: $ANTHROPIC_API_KEY', 'anthropic-version: 2023-06-01'];
    case 'other':
      return ['authorization: Bearer $API_KEY'];
    default:
      return assertNever(provider);
  }
}
