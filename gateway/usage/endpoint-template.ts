/**
 * Path templates: ids replaced, so that endpoints group, and nothing a client put into a path is stored (P5). A segment is kept only when it
 * is one of the provider's own words, an API version, or plainly a word.
 */
import type { CallSecrets } from './call-secrets.ts';
import { isWordLike } from './word-like.ts';

const versionPattern = /^v\d{1,3}((alpha|beta|p)\d{0,3}){0,2}$/;
const wordPattern = /^[a-z][a-z_.-]{0,31}$/i;
/** A word with a short number, such as `oauth2` or `s3`. */
const numberedWordPattern = /^[a-z]{1,10}\d{1,2}$/i;
const mostSegments = 12;

/** Path segments without empty ones: `//ws/x` and `/ws/x` are the same endpoint. */
export function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

export const isVersion = (segment: string): boolean => versionPattern.test(segment);

/** Keeps versions and `words`, replaces every other segment by `{id}`. */
export function templateOf(segments: readonly string[], words: ReadonlySet<string>): string {
  return join(segments.map((segment) => (words.has(segment) || isVersion(segment) ? segment : '{id}')));
}

/** For paths of an API nobody described to us: keeps what reads like a word. */
export function guessTemplate(segments: readonly string[]): string {
  return join(segments.map((segment) => (isVersion(segment) || isWord(segment) ? segment : '{id}')));
}

/** Random text without digits is still no word when a long run of letters changes case or never pauses. */
function isWord(segment: string): boolean {
  if (numberedWordPattern.test(segment)) return true;
  if (!wordPattern.test(segment)) return false;
  if (/^[a-f]{8,}$/i.test(segment)) return false;
  return segment.split(/[_.-]/).every(isWordLike);
}

/** A custom method that a client names; one nobody described to us is kept when it is a word. */
export const verbOf = (verb: string): string => (isWordLike(verb) ? verb : '{verb}');

/** The template without segments that hold a secret of the call. */
export function safeTemplate(template: string, { allows }: CallSecrets): string {
  const segments = template.split('/').map((segment) => (allows(segment) ? segment : '{id}'));
  return segments.join('/');
}

function join(parts: readonly string[]): string {
  const shown = parts.length > mostSegments ? [...parts.slice(0, mostSegments), '…'] : parts;
  return `/${shown.join('/')}`;
}

/** A percent-encoded segment as text; as it stands when the encoding is broken. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // not percent-encoded text: the provider will say what it thinks of it
  }
}
