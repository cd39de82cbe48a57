/**
 * The one scrubber for text that leaves memory: log lines, error messages, crash notes (P5). Text made of quoted strings, JSON included,
 * stays well-formed: replacements never contain a quote and never cross one.
 */
const redacted = '[redacted]';

const secretHeaders = [
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'set-cookie',
  'cookie',
];
const secretParameters =
  'key|api[_-]?key|access_token|refresh_token|id_token|token|sig|signature|secret|client_secret|password|code|x-amz-[\\w-]+|x-goog-[\\w-]+';

/** Separators between a name and its value in text, JSON, escaped JSON and raw header arrays. */
const separator = String.raw`(?:\\?["'])?\s*[:=,]\s*(?:\\?["'])?`;

const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(-----END [A-Z0-9 ]+-----|$)/g, redacted],
  // Userinfo and every query of an absolute URL: a query value is never logged, whatever its name.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+@/gi, `$1${redacted}@`],
  [/(\b(?:https?|wss?):\/\/[^\s?"'\\<>]+)\?[^\s"'\\<>]*/gi, `$1?${redacted}`],
  [new RegExp(`([?&](?:${secretParameters})=)[^&\\s"'\\\\#<>]+`, 'gi'), `$1${redacted}`],
  [new RegExp(`(\\b(?:${secretHeaders.join('|')})${separator})[^"'\\\\\\r\\n]+`, 'gi'), `$1${redacted}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=:-]+/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?/g, redacted],
  [/\b(sk|pk|rk)[-_][\w-]{8,}/g, redacted],
  [/\b(AIza|ya29\.|AQ\.|gsk_|xai-|AKIA|ASIA)[\w.-]{8,}/g, redacted],
  [/\baism\.token\.\w+/g, `aism.token.${redacted}`],
];

/** `text` without secrets; its meaning otherwise stays. Cheap enough for every log line, not for bodies. */
export function scrub(text: string): string {
  return rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
