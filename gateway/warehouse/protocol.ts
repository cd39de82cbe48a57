/**
 * Messages between the gateway and its warehouse process, as JSON over the IPC channel of child_process.fork. Both ends are one build, so
 * the types are the schema; questions are checked by analytics/ in the child.
 */
import type { QuestionName } from '../../contract/analytics.ts';
import type { Answer } from '../../contract/errors.ts';
import type { DeliveryState } from '../delivery/delivery-state.ts';

/** A request: the child answers each `id` once, unless it dies or the request is cancelled. */
export type Request =
  | { readonly kind: 'ask'; readonly id: number; readonly name: QuestionName; readonly query: unknown }
  | { readonly kind: 'removeSample'; readonly id: number };

export type ToChild =
  | Request
  /** The first message. `mistrust` = why the database file must be set aside untried, or null. */
  | { readonly kind: 'start'; readonly dataDir: string; readonly mistrust: string | null }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'wake' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'stop' };

export type ToParent =
  | { readonly kind: 'opened'; readonly setAside: { readonly name: string; readonly reason: string } | null }
  /** The last words before an exit; `mistrust` = the database file itself is damaged. */
  | { readonly kind: 'failed'; readonly detail: string; readonly mistrust: boolean }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> }
  | { readonly kind: 'state'; readonly state: DeliveryState }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly event: string; readonly fields: object }
  | { readonly kind: 'pong' };
