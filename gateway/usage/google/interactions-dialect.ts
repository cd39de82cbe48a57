import type { Dialect } from '../adapter.ts';
import { mergeUsage, noteToken, type Draft } from '../draft.ts';
import { isObject, isPresent, modelOf, symbolOf, type JsonObject } from '../json-value.ts';
import { contentDialect, googleErrorCode, labelsOf } from './content-dialect.ts';
import { interactionCounts } from './google-usage.ts';

const interactionShape = { model: 'keep', status: 'keep', service_tier: 'keep', usage: 'keep' } as const;

/** Interactions API: one object, or SSE with `event_type`; running totals stand in `metadata.total_usage`. */
export const interactionsDialect: Dialect = {
  requestShape: { model: 'keep', stream: 'keep', labels: 'keep' },
  responseShape: {
    ...interactionShape,
    event_type: 'keep',
    delta: 'sign',
    interaction: interactionShape,
    metadata: { total_usage: 'keep' },
    error: { code: 'keep', status: 'keep' },
  },
  readRequest(body, draft) {
    draft.modelRequested ??= modelOf(body['model']);
    draft.streamed ||= body['stream'] === true;
    draft.bodyTags = labelsOf(body['labels']);
  },
  readHead: (headers, draft) => contentDialect.readHead?.(headers, draft),
  readBody: readInteraction,
  readEvent(event, draft, atMs) {
    if (event['event_type'] === 'step.delta' && isPresent(event['delta'])) noteToken(draft, atMs);
    if (isObject(event['metadata'])) mergeUsage(draft, event['metadata']['total_usage']);
    if (isObject(event['interaction'])) readInteraction(event['interaction'], draft);
  },
  errorCode: googleErrorCode,
  counts: interactionCounts,
};

function readInteraction(interaction: JsonObject, draft: Draft): void {
  draft.model = modelOf(interaction['model']) ?? draft.model;
  draft.serviceTier ??= symbolOf(interaction['service_tier']);
  mergeUsage(draft, interaction['usage']);
  const status = symbolOf(interaction['status']);
  if (status !== null && status !== 'in_progress') draft.finishReason = status;
  if (status === 'failed') draft.outcomeHint = 'upstream_error';
}
