/** Puts what is known of a call into the shapes that leave the meter: a journal record and a row of the live tail. */
import type { InFlightCall } from '../../contract/gateway-api.ts';
import { isSampleUpstream, sampleTag, type UsageRecord } from '../../contract/usage-record.ts';
import type { RequestHead } from '../proxy/exchange.ts';
import { isReservedTag, mostTags, type Attribution, type Identity } from './attribution.ts';
import type { CallSecrets } from './call-secrets.ts';
import { safeTemplate } from './endpoint-template.ts';
import type { Route, UsageFacts } from './usage-facts.ts';
import type { KeepUser } from './user-names.ts';

/** What is known when the request head is there and does not change. */
export interface CallStart {
  readonly callId: string;
  readonly startedAt: string;
  readonly upstream: string;
  readonly method: string;
  readonly route: Route;
  readonly identity: Identity;
  readonly keepUser: KeepUser;
}

export function callStart(
  head: RequestHead,
  route: Route,
  { identify, keepUser }: Attribution,
  secrets: CallSecrets,
): CallStart {
  const { callId, upstream, method } = head;
  return {
    callId,
    startedAt: head.startedAt.toISOString(),
    upstream: upstream.name,
    method,
    route: { ...route, endpoint: safeTemplate(route.endpoint, secrets) },
    identity: identify(head, secrets),
    keepUser,
  };
}

/** The parts of a record that neither the request head nor the bodies tell. */
export type Measured = Pick<
  UsageRecord,
  | 'statusCode'
  | 'outcome'
  | 'errorCode'
  | 'durationMs'
  | 'firstByteMs'
  | 'overheadMs'
  | 'requestBytes'
  | 'responseBytes'
  | 'costUsd'
  | 'costSource'
  | 'priceVersion'
>;

export type CallRecord = Omit<UsageRecord, 'seq' | 'streamId'>;

export function callRecord(start: CallStart, facts: UsageFacts, measured: Measured): CallRecord {
  return {
    callId: start.callId,
    startedAt: start.startedAt,
    upstream: start.upstream,
    provider: start.route.provider,
    surface: facts.surface,
    method: start.method,
    endpoint: start.route.endpoint,
    ...measured,
    finishReason: facts.finishReason,
    ttftMs: toMicroseconds(facts.ttftMs),
    streamed: facts.streamed,
    modelRequested: facts.modelRequested,
    model: facts.model,
    serviceTier: facts.serviceTier,
    inputTokens: facts.inputTokens,
    cachedInputTokens: facts.cachedInputTokens,
    cacheWriteTokens: facts.cacheWriteTokens,
    toolInputTokens: facts.toolInputTokens,
    outputTokens: facts.outputTokens,
    reasoningTokens: facts.reasoningTokens,
    modalities: facts.modalities,
    units: facts.units,
    totalTokens: facts.totalTokens,
    usageSource: facts.usageSource,
    usageMismatch: facts.usageMismatch,
    ...attributed(start, facts),
  };
}

export function inFlightCall(start: CallStart, facts: UsageFacts): InFlightCall {
  const { sessionId, userId, keyId, client, tags } = attributed(start, facts);
  return {
    callId: start.callId,
    startedAt: start.startedAt,
    upstream: start.upstream,
    provider: start.route.provider,
    surface: facts.surface,
    method: start.method,
    endpoint: start.route.endpoint,
    modelRequested: facts.modelRequested,
    streamed: facts.streamed,
    ttftMs: toMicroseconds(facts.ttftMs),
    sessionId,
    userId,
    keyId,
    client,
    tags,
  };
}

/** Headers win over the body; only the meter marks sample traffic. */
function attributed({ upstream, identity, keepUser }: CallStart, facts: UsageFacts): Identity {
  const bodyTags = Object.entries(facts.bodyTags).filter(([name]) => !isReservedTag(name));
  const isSample = isSampleUpstream(upstream);
  const tags =
    bodyTags.length === 0 && !isSample
      ? identity.tags
      : Object.fromEntries([
          ...[
            ...Object.entries(identity.tags),
            ...bodyTags.filter(([name]) => !Object.hasOwn(identity.tags, name)),
          ].slice(0, mostTags),
          ...(isSample ? [[sampleTag.name, sampleTag.value] as const] : []),
        ]);
  return { ...identity, userId: keepUser(identity.userId ?? facts.bodyUser), tags };
}

/** Milliseconds with three decimals; never negative. */
export function toMicroseconds(ms: number): number;
export function toMicroseconds(ms: number | null): number | null;
export function toMicroseconds(ms: number | null): number | null {
  return ms === null ? null : Math.max(0, Math.round(ms * 1_000) / 1_000);
}
