/** Text → tokens. Comments (`--`, `//`, block) and white space are dropped. */
import { faults } from '../faults.ts';
import type { Place, Token, TokenKind } from './token.ts';

const skipped = /(?:\s+|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;

const shapes: readonly (readonly [TokenKind, RegExp])[] = [
  ['dollars', /\$\$[\s\S]*?\$\$/y],
  ['string', /'(?:[^'\\]|''|\\[\s\S])*'/y],
  ['quoted', /"(?:[^"]|"")*"/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y],
  ['symbol', /::|:=|=>|<>|!=|<=|>=|\|\||->|[-+*/%=<>()[\]{},.;:?$@]/y],
];

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '0': '\0' };

/** Content of a single-quoted constant: `''`, `\n`, `\u0041`, `\x41`, and any other escaped character for itself. */
function unescape(inner: string): string {
  return inner.replaceAll(
    /''|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([\s\S])/g,
    (match, unicode?: string, hex?: string, other?: string) => {
      if (match === "''") return "'";
      const digits = unicode ?? hex;
      if (digits !== undefined) return String.fromCodePoint(Number.parseInt(digits, 16));
      return escapes[other ?? ''] ?? other ?? '';
    },
  );
}

function meaning(kind: TokenKind, raw: string): string {
  switch (kind) {
    case 'word':
      return raw.toUpperCase();
    case 'quoted':
      return raw.slice(1, -1).replaceAll('""', '"');
    case 'string':
      return unescape(raw.slice(1, -1));
    case 'dollars':
      return raw.slice(2, -2);
    default:
      return raw;
  }
}

function matchAt(pattern: RegExp, text: string, offset: number): string | null {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? null;
}

/** Always ends with a token of kind `end`. @throws SqlError 001003 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  const placeOf = (offset: number): Place => {
    const line = lineStarts.findLastIndex((start) => start <= offset);
    return { line: line + 1, position: offset - (lineStarts[line] ?? 0), offset };
  };
  let offset = 0;
  for (;;) {
    offset += matchAt(skipped, text, offset)?.length ?? 0;
    const place = placeOf(offset);
    if (offset >= text.length) return [...tokens, { ...place, kind: 'end', text: '<EOF>', raw: '<EOF>' }];
    const token = tokenAt(text, place);
    tokens.push(token);
    offset += token.raw.length;
  }
}

function tokenAt(text: string, place: Place): Token {
  for (const [kind, pattern] of shapes) {
    const raw = matchAt(pattern, text, place.offset);
    if (raw !== null) return { ...place, kind, raw, text: meaning(kind, raw) };
  }
  const character = text.charAt(place.offset);
  throw `'"$/`.includes(character) ? faults.unterminated(place) : faults.syntax(place, character);
}

/** The statements of a text, without their semicolons; empty ones left out. */
export function splitStatements(text: string): readonly string[] {
  const statements: string[] = [];
  let start = 0;
  let tokens = 0;
  for (const token of tokenize(text)) {
    const ends = token.kind === 'end' || (token.kind === 'symbol' && token.text === ';');
    if (!ends) {
      tokens += 1;
      continue;
    }
    if (tokens > 0) statements.push(text.slice(start, token.offset).trim());
    start = token.offset + token.raw.length;
    tokens = 0;
  }
  return statements;
}
