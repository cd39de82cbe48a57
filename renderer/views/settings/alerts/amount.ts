/** Numbers as people type them. Pure. */

/** "2.5", "$1,200" and "1 200"; null for anything else. A comma only sets thousands apart. */
export function amountOf(text: string): number | null {
  const plain = text
    .trim()
    .replace(/^\$\s*/, '')
    .replaceAll(/(?<=\d)[\s'](?=\d{3}(?!\d))/g, '');
  if (!/^(\d+|\d{1,3}(,\d{3})+|(?=\.\d))(\.\d*)?$/.test(plain)) return null;
  const value = Number(plain.replaceAll(',', ''));
  return Number.isFinite(value) ? value : null;
}
