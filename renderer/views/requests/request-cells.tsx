/** What each column of the Requests list writes. Exact values and reasons are in the titles. */
import type { ReactNode } from 'react';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { OutcomeBadge } from '../../components/outcome-badge.tsx';
import { formatCost, formatCostExact, unpricedReason } from '../../format/cost.ts';
import { formatDuration } from '../../format/duration.ts';
import { dash, formatBytes, formatCount, formatExact } from '../../format/numbers.ts';
import { providerLabel } from '../../format/outcome.ts';
import { formatClock, formatClockMs, formatDate, formatDay, formatZone } from '../../format/time.ts';
import type { RequestColumnId } from '../../requests/request-columns.ts';

export interface RequestCell {
  readonly show: (call: UsageRecord, tz: string) => ReactNode;
  readonly title?: (call: UsageRecord, tz: string) => string | undefined;
}

const plain = (value: (call: UsageRecord) => string | null): RequestCell => ({
  show: (call) => value(call) ?? dash,
  title: (call) => value(call) ?? undefined,
});

const tokens = (value: (call: UsageRecord) => number | null): RequestCell => ({
  show: (call) => formatCount(value(call)),
  title: (call) =>
    value(call) === null ? 'Not reported by the provider' : `${formatExact(value(call))} tokens, ${call.usageSource}`,
});

const mono = (value: (call: UsageRecord) => string | null): RequestCell => ({
  show: (call) => <span className="mono">{value(call) ?? dash}</span>,
  title: (call) => value(call) ?? undefined,
});

export const requestCells: Readonly<Record<RequestColumnId, RequestCell>> = {
  time: {
    show: ({ startedAt }, tz) => (
      <span className="num">{`${formatDay(startedAt, tz)} ${formatClock(startedAt, tz)}`}</span>
    ),
    title: ({ startedAt }, tz) =>
      `${formatDate(startedAt, tz)}, ${formatClockMs(startedAt, tz)} ${formatZone(tz, startedAt)}`,
  },
  model: {
    show: (call) => call.model ?? call.modelRequested ?? <span className="muted">{call.endpoint}</span>,
    title: (call) => `${call.method} ${call.endpoint}`,
  },
  provider: plain(({ provider }) => providerLabel(provider)),
  upstream: plain(({ upstream }) => upstream),
  endpoint: mono(({ method, endpoint }) => `${method} ${endpoint}`),
  surface: plain(({ surface }) => surface),
  user: plain(({ userId }) => userId),
  session: plain(({ sessionId }) => sessionId),
  key: mono(({ keyId }) => keyId),
  client: plain(({ client }) => client),
  tags: plain(({ tags }) => tagWords(tags)),
  outcome: {
    show: ({ outcome }) => <OutcomeBadge outcome={outcome} />,
    title: ({ errorCode, finishReason }) => errorCode ?? finishReason ?? undefined,
  },
  status: {
    show: ({ statusCode }) => statusCode ?? dash,
    title: ({ statusCode }) => (statusCode === null ? 'No response came' : undefined),
  },
  in: tokens(({ inputTokens }) => inputTokens),
  out: tokens(({ outputTokens }) => outputTokens),
  cached: tokens(({ cachedInputTokens }) => cachedInputTokens),
  reasoning: tokens(({ reasoningTokens }) => reasoningTokens),
  ttft: { show: ({ ttftMs }) => formatDuration(ttftMs) },
  duration: { show: ({ durationMs }) => formatDuration(durationMs) },
  cost: {
    show: ({ costUsd }) => formatCost(costUsd),
    title: (call) => unpricedReason(call) ?? `${formatCostExact(call.costUsd)} (${call.costSource})`,
  },
  attempt: {
    show: ({ attempt }) => attempt ?? dash,
    title: ({ attempt }) => ((attempt ?? null) === null ? 'The client does not say' : undefined),
  },
  size: { show: ({ requestBytes, responseBytes }) => `${formatBytes(requestBytes)} / ${formatBytes(responseBytes)}` },
};

function tagWords(tags: UsageRecord['tags']): string | null {
  const words = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  return words.length === 0 ? null : words.join(', ');
}
