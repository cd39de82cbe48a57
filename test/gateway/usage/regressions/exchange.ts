/** One exchange in a few words, for the faults users report of other gateways. */
import { gzipSync } from 'node:zlib';
import type { Provider } from '../../../../contract/usage-record.ts';
import type { UsageFacts } from '../../../../gateway/usage/usage-facts.ts';
import { openUsageTap } from '../../../../gateway/usage/usage-tap.ts';

export interface Exchange {
  readonly provider: Provider;
  readonly path: string;
  readonly request?: object;
  /** Events of a stream, or one whole answer. */
  readonly events?: readonly object[];
  readonly answer?: object;
  /** The client left after so many events. */
  readonly leftAfter?: number;
  readonly gzip?: boolean;
}

export async function factsOf({
  provider,
  path,
  request = {},
  events,
  answer,
  leftAfter,
  gzip = false,
}: Exchange): Promise<UsageFacts> {
  const tap = openUsageTap({ upstream: { provider }, method: 'POST', path });
  tap.requestChunk(Buffer.from(JSON.stringify(request)));
  const type = ['content-type', events === undefined ? 'application/json' : 'text/event-stream'];
  tap.responseHead(200, gzip ? [...type, 'content-encoding', 'gzip'] : type);
  const seen = events?.slice(0, leftAfter ?? events.length).map((event) => frame(event));
  const body = Buffer.from(seen?.join('') ?? JSON.stringify(answer));
  if (gzip) tap.responseChunk(gzipSync(body), 1);
  else
    for (const [index, chunk] of (seen ?? [body]).entries()) tap.responseChunk(Buffer.from(chunk), (index + 1) * 100);
  return tap.finish(leftAfter === undefined);
}

function frame(event: object): string {
  const name = 'type' in event && typeof event.type === 'string' ? `event: ${event.type}\n` : '';
  return `${name}data: ${JSON.stringify(event)}\n\n`;
}

export const gemini = { provider: 'google', path: '/v1beta/models/gemini-2.5-pro:generateContent' } as const;
export const geminiStream = {
  provider: 'google',
  path: '/v1beta/models/gemini-2.5-pro:streamGenerateContent',
} as const;
export const chat = { provider: 'openai', path: '/v1/chat/completions' } as const;
export const responses = { provider: 'openai', path: '/v1/responses' } as const;
export const messages = { provider: 'anthropic', path: '/v1/messages' } as const;

export const said = (text: string, usage?: object, more: object = {}): object => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, ...more }],
  ...(usage && { usageMetadata: usage }),
});
