/** What a caller says of a call (user, session, tags), without secrets: text that only looks like holding one is cleaned, a call's own is left out. */
import { scrub } from '../../contract/scrub.ts';
import type { CallSecrets } from './call-secrets.ts';
import { labelOf } from './json-value.ts';

export function safeLabel(text: string | null, secrets: CallSecrets): string | null {
  if (text === null || secrets.allows(text)) return text;
  const clean = labelOf(scrub(text));
  return clean !== null && secrets.allows(clean) ? clean : null;
}

export function safeTags(
  tags: Readonly<Record<string, string>>,
  secrets: CallSecrets,
): Readonly<Record<string, string>> {
  const entries = Object.entries(tags);
  if (entries.every(([name, value]) => secrets.allows(name) && secrets.allows(value))) return tags;
  const kept = entries.flatMap(([name, value]) => {
    const clean = secrets.allows(name) ? safeLabel(value, secrets) : null;
    return clean === null ? [] : [[name, clean] as const];
  });
  return Object.fromEntries(kept);
}
