/**
 * The last scrubber before text leaves the machine in somebody's mail. What {@link scrub} takes away is secret everywhere; this takes away what
 * is private besides: who used the machine, whose calls they were, and every value of a query. Pure.
 */
import { scrub } from '../../contract/scrub.ts';

export interface Private {
  readonly home: string;
  /** Names of this computer and of its user. */
  readonly names: readonly string[];
  /** Of the control API. */
  readonly tokens: readonly string[];
}

const redacted = '[redacted]';

/** Fields of a call that say whose it was, as JSON writes them, once more escaped, or as `name=value`. */
const personal = 'user_?id|user|user_?name|email|session_?id|session|key_?id|tags|client_?address|remote_?address';
const personalJson = new RegExp(
  String.raw`(\\?"(?:${personal})\\?"\s*:\s*)(?:\\?"(?:[^"\\]|\\(?!"))*\\?"|\{[^{}]*\}|\[[^\[\]]*\]|-?\d+)`,
  'gi',
);
const personalPair = new RegExp(String.raw`\b(${personal}|x-aism-[\w-]+)(\s*[=:]\s*)[^\s,;"'{}\[\]\\]+`, 'gi');

const rules: readonly (readonly [RegExp, string])[] = [
  [personalJson, `$1"${redacted}"`],
  [personalPair, `$1$2${redacted}`],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, redacted], // mail addresses
  [/(\/[^\s?"'\\]*)\?[^\s"'\\]+/g, `$1?${redacted}`], // a path with a query
  [/\b[0-9a-f]{40,}\b/gi, redacted], // tokens and salts
];

export function redact(text: string, { home, names, tokens }: Private): string {
  const known = tokens.filter((token) => token !== '').reduce((rest, token) => rest.replaceAll(token, redacted), text);
  const ruled = rules.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), scrub(known));
  const homeless = home.length > 1 ? ruled.replaceAll(home, '~') : ruled;
  return names.filter((name) => name.length > 1).reduce(withoutName, homeless);
}

/** Whole words only: a user called `app` is in every second line otherwise. */
function withoutName(text: string, name: string): string {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'g'), '[name]');
}
