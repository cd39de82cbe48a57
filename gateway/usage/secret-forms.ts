/** Finds a secret in a text: as it is, percent-encoded, in Base64 or hexadecimal, in any case, whole or a long piece of it. */

/** A secret in every form it is looked for, in lower case. */
export type SecretForms = readonly string[];

/** A shorter one is too likely to be part of an ordinary word: the text must then be the secret itself. */
const shortestPart = 8;
/** Labels are cut at a length, so a long secret may be there in part. */
const longPiece = 20;

export function formsOf(secret: string): SecretForms {
  const bytes = Buffer.from(secret);
  const forms = [secret, decoded(secret), encodeURIComponent(secret.toWellFormed())];
  if (bytes.length >= shortestPart) forms.push(bytes.toString('hex'), ...inBase64(bytes));
  return [...new Set(forms.map((form) => form.toLowerCase()))].filter((form) => form !== '');
}

export function holds(text: string, secrets: readonly SecretForms[]): boolean {
  if (secrets.length === 0) return false;
  const plain = text.toLowerCase();
  if (secrets.some((forms) => forms.some((form) => holdsForm(plain, form)))) return true;
  return text.includes('%') && decoded(text) !== text && holds(decoded(text), secrets);
}

function holdsForm(text: string, form: string): boolean {
  if (form.length < shortestPart || text.length < shortestPart) return text === form;
  if (text.includes(form)) return true;
  for (let at = 0; at + longPiece <= text.length; at += 1)
    if (form.includes(text.slice(at, at + longPiece))) return true;
  return false;
}

/** Base64 of bytes inside other bytes looks different at each of three offsets; the characters shared with the neighbours are left out. */
function inBase64(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const end = (offset + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    const shared = text.slice(offset === 0 ? 0 : offset + 1, end);
    return [shared, shared.replaceAll('+', '-').replaceAll('/', '_')].filter(({ length }) => length >= shortestPart);
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no percent-encoding
  }
}
