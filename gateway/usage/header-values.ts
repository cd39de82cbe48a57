import type { RawHeaders } from '../proxy/exchange.ts';

/** First value of a header in wire form (name, value, name, value …); `name` in lower case. */
export function headerValue(headers: RawHeaders, name: string): string | null {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const candidate = headers[index];
    if (candidate !== undefined && candidate.length === name.length && candidate.toLowerCase() === name)
      return headers[index + 1] ?? null;
  }
  return null;
}
