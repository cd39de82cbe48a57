/** Function calls: arguments by place or name, DISTINCT, WITHIN GROUP, IGNORE NULLS, OVER. */
import type { Call, Expr, OrderItem, Window } from './ast.ts';
import type { TokenReader } from './token-reader.ts';

type Inner = (reader: TokenReader) => Expr;

/** The reader stands at `(`, or after a function that needs none. */
export function call(reader: TokenReader, parts: readonly string[], inner: Inner): { kind: 'call'; call: Call } {
  const name = parts.at(-1) ?? '';
  const args = reader.isSymbol('(') ? callArguments(reader, name, inner) : noArguments;
  const withinGroup = reader.takeWord('WITHIN', 'GROUP') ? reader.inParentheses(() => orderBy(reader, inner)) : null;
  const ignoreNulls = reader.takeWord('IGNORE', 'NULLS');
  if (!ignoreNulls) reader.takeWord('RESPECT', 'NULLS');
  const over = reader.takeWord('OVER') ? window(reader, inner) : null;
  return { kind: 'call', call: { name, qualified: parts.length > 1, ...args, withinGroup, ignoreNulls, over } };
}

interface Arguments {
  readonly args: readonly Expr[];
  readonly named: ReadonlyMap<string, Expr>;
  readonly star: boolean;
  readonly distinct: boolean;
}
const noArguments: Arguments = { args: [], named: new Map(), star: false, distinct: false };

export function callArguments(reader: TokenReader, name: string, inner: Inner): Arguments {
  return reader.inParentheses(() => {
    if (reader.isSymbol(')')) return noArguments;
    if (reader.isSymbol('*') && reader.isSymbol(')', 1)) {
      reader.next();
      return { ...noArguments, star: true };
    }
    const distinct = reader.takeWord('DISTINCT');
    if (reader.isSymbol('=>', 1)) return { ...noArguments, named: namedArguments(reader, inner) };
    const first = inner(reader);
    // EXTRACT(part FROM x) separates its arguments by a word.
    if (name === 'EXTRACT' && reader.takeWord('FROM')) return { ...noArguments, args: [first, inner(reader)] };
    const rest = reader.takeSymbol(',') ? reader.list(() => inner(reader)) : [];
    return { ...noArguments, distinct, args: [first, ...rest] };
  });
}

function namedArguments(reader: TokenReader, inner: Inner): ReadonlyMap<string, Expr> {
  const pairs = reader.list(() => {
    const name = reader.next().text;
    reader.expectSymbol('=>');
    return [name, inner(reader)] as const;
  });
  return new Map(pairs);
}

export function orderBy(reader: TokenReader, inner: Inner): readonly OrderItem[] {
  reader.expectWord('ORDER', 'BY');
  return reader.list(() => {
    const value = inner(reader);
    const descending = reader.takeWord('DESC');
    if (!descending) reader.takeWord('ASC');
    if (!reader.takeWord('NULLS')) return { value, descending, nulls: null };
    if (reader.takeWord('FIRST')) return { value, descending, nulls: 'first' };
    reader.expectWord('LAST');
    return { value, descending, nulls: 'last' };
  });
}

function window(reader: TokenReader, inner: Inner): Window {
  return reader.inParentheses(() => ({
    partition: reader.takeWord('PARTITION', 'BY') ? reader.list(() => inner(reader)) : [],
    order: reader.isWord('ORDER') ? orderBy(reader, inner) : [],
    frame: reader.isWord('ROWS') || reader.isWord('RANGE') ? frame(reader) : null,
  }));
}

function frame(reader: TokenReader): string {
  const unit = reader.next().text;
  if (!reader.takeWord('BETWEEN')) return `${unit} ${bound(reader)}`;
  const from = bound(reader);
  reader.expectWord('AND');
  return `${unit} BETWEEN ${from} AND ${bound(reader)}`;
}

function bound(reader: TokenReader): string {
  if (reader.takeWord('CURRENT', 'ROW')) return 'CURRENT ROW';
  const size = reader.takeWord('UNBOUNDED') ? 'UNBOUNDED' : String(reader.wholeNumber());
  if (reader.takeWord('PRECEDING')) return `${size} PRECEDING`;
  reader.expectWord('FOLLOWING');
  return `${size} FOLLOWING`;
}
