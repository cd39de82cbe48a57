/** The strings of a call's facts that may be kept: what does not pass is unknown, as if nobody had said it. */
import type { Modalities } from '../../contract/usage-record.ts';
import type { CallSecrets } from './call-secrets.ts';
import { safeLabel, safeTags } from './safe-labels.ts';
import type { UsageFacts } from './usage-facts.ts';

export function safeFacts(facts: UsageFacts, secrets: CallSecrets): UsageFacts {
  const safe = (text: string | null): string | null => (text !== null && secrets.allows(text) ? text : null);
  return {
    ...facts,
    errorCode: safe(facts.errorCode),
    finishReason: safe(facts.finishReason),
    serviceTier: safe(facts.serviceTier),
    modelRequested: safe(facts.modelRequested),
    model: safe(facts.model) ?? safe(facts.modelRequested),
    modalities: facts.modalities === null ? null : safeModalities(facts.modalities, secrets),
    bodyUser: safeLabel(facts.bodyUser, secrets),
    bodyTags: safeTags(facts.bodyTags, secrets),
  };
}

/** Their names come from the upstream. */
function safeModalities(modalities: Modalities, secrets: CallSecrets): Modalities {
  const names = Object.values(modalities).flatMap((map) => Object.keys(map));
  if (names.every((name) => secrets.allows(name))) return modalities;
  return Object.fromEntries(
    Object.entries(modalities).map(([direction, map]) => [
      direction,
      Object.fromEntries(Object.entries(map).filter(([name]) => secrets.allows(name))),
    ]),
  );
}
