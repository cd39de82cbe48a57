/** How one API puts an {@link AnswerPlan} on the wire. Siblings: gemini-format.ts, openai-format.ts, anthropic-format.ts. */
import type { AnswerPlan } from './answer-plan.ts';

export interface SampleRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface WireFormat {
  /** True when this format serves the path. */
  matches(path: string): boolean;
  modelOf(request: SampleRequest): string;
  thinks(model: string): boolean;
  streams(request: SampleRequest): boolean;
  /** Content type of a stream for this request. */
  streamType(request: SampleRequest): string;
  /** Everything before the first token (may be empty), one chunk per word, and the end. */
  streamParts(
    plan: AnswerPlan,
    request: SampleRequest,
  ): { readonly opening: string; readonly tokens: readonly string[]; readonly closing: string };
  whole(plan: AnswerPlan, request: SampleRequest): unknown;
  error(kind: 'rate_limited' | 'server_error'): { readonly status: number; readonly body: unknown };
}

export function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

export function sseData(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

export function sseEvent(name: string, value: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
}
