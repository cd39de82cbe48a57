/** Whether every typed word is in a text, in any order and case. Pure. */
export function matchesWords(text: string, typed: string): boolean {
  const within = text.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}
