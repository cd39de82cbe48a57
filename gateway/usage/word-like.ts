/** Tells words from random text, which a key is: by length, by digits among letters, by how often the case changes. */

const longestWord = 20;
const shortestAverage = 3;

/** `quota`, `NotFound`, `OAuthException`; not a run of letters that changes case like dice. */
export function isWordLike(letters: string): boolean {
  const humps = letters.split(/(?<=[a-z])(?=[A-Z])/);
  if (humps.some((hump) => hump.length > longestWord)) return false;
  return humps.length === 1 || letters.length / humps.length >= shortestAverage;
}

/** A word, a short number, or a word with a short number: `exceeded`, `429`, `v1`, `oauth2`, `1h`. */
export function isCodePart(part: string): boolean {
  if (/^[a-z]*$/i.test(part)) return isWordLike(part);
  return /^(?:\d{1,6}|[a-z]{1,12}\d{1,4}|\d{1,3}[a-z]{1,3})$/i.test(part);
}
