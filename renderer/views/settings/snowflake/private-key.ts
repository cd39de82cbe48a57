/** What a pasted text is, judged by its PEM header (RFC 7468). Pure; the key itself is checked where it is used. */

export type KeyKind = 'plain' | 'encrypted' | 'pkcs1' | 'public' | 'other';

export function keyKind(text: string): KeyKind {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+-----END \1-----/.exec(text)?.[1];
  if (label === 'PRIVATE KEY') return 'plain';
  if (label === 'ENCRYPTED PRIVATE KEY') return 'encrypted';
  if (label === 'RSA PRIVATE KEY') return 'pkcs1';
  return label?.includes('PUBLIC KEY') === true ? 'public' : 'other';
}

/** Why a text cannot be used as the key; null when it can. */
export function keyProblem(text: string): string | null {
  switch (keyKind(text)) {
    case 'plain':
    case 'encrypted':
      return null;
    case 'pkcs1':
      return 'This key is in the older PKCS#1 form. Convert it: openssl pkcs8 -topk8 -in old_key.pem -out rsa_key.p8';
    case 'public':
      return 'This is the public key. It belongs to the Snowflake user; paste the private one, which begins with -----BEGIN PRIVATE KEY-----';
    case 'other':
      return 'Paste the whole PEM text, from -----BEGIN PRIVATE KEY----- (or BEGIN ENCRYPTED PRIVATE KEY) to the END line';
  }
}
