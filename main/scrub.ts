/**
 * Secrets out of log text (P5). Provider SDKs put keys in URLs and error messages, and a gateway's child may print them: the log file is
 * the one place in main where foreign text reaches disk.
 */
const hidden = '[hidden]';

const secretParameters =
  /([?&](?:key|api_key|apikey|access_token|token|sig|signature|x-amz-[\w-]+|x-goog-[\w-]+)=)[^&\s"']+/gi;
const secretHeaders =
  /((?:authorization|x-api-key|api-key|x-goog-api-key|proxy-authorization|set-cookie|cookie)["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',]+/gi;
const secretValues = [
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  /\bAIza[\w-]{10,}/g,
  /\bsk-[\w-]{8,}/g,
  /\baism\.token\.\w+/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, // a JSON Web Token
  /-----BEGIN [A-Z ]+-----[\s\S]*?-----END [A-Z ]+-----/g,
] as const;

/** The text with every known form of key, token and cookie replaced. */
export function scrub(text: string): string {
  const named = text.replace(secretParameters, `$1${hidden}`).replace(secretHeaders, `$1${hidden}`);
  return secretValues.reduce((clean, pattern) => clean.replace(pattern, hidden), named);
}
