/** Careful readers for JSON that somebody else wrote: every value may be missing, of another type, or absurd. */
import { isCodePart } from './word-like.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Something was said: not absent, not null, not an empty string, not `false`, not an empty list. */
export function isPresent(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false;
}

const symbolPattern = /^[\w.:/-]{1,64}$/;
/** An id of the provider's, which stays in memory. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && symbolPattern.test(value) ? value : null;
}

/**
 * A code or enum value: words and short numbers, nothing else. Free text is refused, so that an error message quoting a prompt can never be
 * stored as a code, and so is what only looks random, as keys do (P5).
 */
export function symbolOf(value: unknown): string | null {
  const id = idOf(value);
  return id !== null && id.split(/[_.:/-]+/).every(isCodePart) ? id : null;
}

const modelPattern = /^[\w.:@/+~-]{1,128}$/;
/** A model name without Google's `models/` or `publishers/…/models/` prefix; `tunedModels/` stays, because it says that the name is the user's own. */
export function modelOf(value: unknown): string | null {
  if (typeof value !== 'string' || !modelPattern.test(value)) return null;
  const prefixEnd = value.lastIndexOf('models/');
  const name = prefixEnd === -1 ? value : value.slice(prefixEnd + 'models/'.length);
  return name === '' ? null : name;
}

// oxlint-disable-next-line no-control-regex -- control characters are what this removes
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
/** A caller-given identifier: control characters removed, at most `maxLength` UTF-16 units, null when nothing is left. */
export function labelOf(value: unknown, maxLength = 128): string | null {
  if (typeof value !== 'string') return null;
  const text = value
    .slice(0, maxLength * 4)
    .replace(controls, '')
    .trim()
    .slice(0, maxLength)
    .toWellFormed();
  return text === '' ? null : text;
}
