/** FROM: tables, subqueries, TABLE(function), LATERAL, joins. */
import { faults } from '../faults.ts';
import type { Alias, Expr, FromItem, JoinKind, Name, Query } from './ast.ts';
import { callArguments } from './call.ts';
import { expression } from './expression.ts';
import type { TokenReader } from './token-reader.ts';

export function fromClause(reader: TokenReader): FromItem {
  let left = joins(reader);
  while (reader.takeSymbol(',')) {
    left = { kind: 'join', join: 'CROSS', left, right: joins(reader), on: null, using: [] };
  }
  return left;
}

function joins(reader: TokenReader): FromItem {
  let left = item(reader);
  for (;;) {
    const join = joinKind(reader);
    if (join === null) return left;
    const right = item(reader);
    const on = reader.takeWord('ON') ? expression(reader) : null;
    const using =
      on === null && reader.takeWord('USING') ? reader.inParentheses(() => reader.list(() => reader.identifier())) : [];
    left = { kind: 'join', join, left, right, on, using };
  }
}

function joinKind(reader: TokenReader): JoinKind | null {
  if (reader.isWord('NATURAL')) throw faults.unsupported('NATURAL JOIN');
  if (reader.takeWord('JOIN') || reader.takeWord('INNER', 'JOIN')) return 'INNER';
  if (reader.takeWord('CROSS', 'JOIN')) return 'CROSS';
  for (const side of ['LEFT', 'RIGHT', 'FULL'] as const) {
    if (reader.takeWord(side, 'OUTER', 'JOIN') || reader.takeWord(side, 'JOIN')) return side;
  }
  return null;
}

function item(reader: TokenReader): FromItem {
  const lateral = reader.takeWord('LATERAL');
  const at = reader.peek();
  if (reader.takeSymbol('(')) return inner(reader);
  if (reader.isWord('TABLE') && reader.isSymbol('(', 1)) {
    reader.next();
    const call = reader.inParentheses(() => tableFunction(reader));
    return { kind: 'function', call, alias: alias(reader), at };
  }
  if (lateral) return { kind: 'function', call: tableFunction(reader), alias: alias(reader), at };
  if (reader.takeWord('VALUES')) return { kind: 'derived', query: valuesQuery(reader), alias: alias(reader) };
  const name = objectName(reader);
  if (
    ['BEFORE', 'AT', 'SAMPLE', 'TABLESAMPLE', 'PIVOT', 'UNPIVOT'].includes(reader.peek().text) &&
    reader.isSymbol('(', 1)
  ) {
    throw faults.unsupported(reader.peek().text);
  }
  return { kind: 'table', name, alias: alias(reader), at };
}

/** Rows only: an ORDER BY behind them is that of the SELECT. */
function valuesQuery(reader: TokenReader): Query {
  return { ctes: [], body: { kind: 'values', rows: valueRows(reader) }, order: [], limit: null, offset: null };
}

export function valueRows(reader: TokenReader): readonly (readonly Expr[])[] {
  return reader.list(() => reader.inParentheses(() => reader.list(() => expression(reader))));
}

/** After `(`: a query, or joins in parentheses. */
function inner(reader: TokenReader): FromItem {
  if (reader.isWord('SELECT') || reader.isWord('WITH') || reader.isWord('VALUES') || reader.isSymbol('(')) {
    const query = reader.query();
    reader.expectSymbol(')');
    return { kind: 'derived', query, alias: alias(reader) };
  }
  const joined = fromClause(reader);
  reader.expectSymbol(')');
  return joined;
}

function tableFunction(reader: TokenReader) {
  const parts = objectName(reader);
  const name = parts.at(-1) ?? '';
  if (!reader.isSymbol('(')) throw reader.unexpected();
  const args = callArguments(reader, name, expression);
  return { name, qualified: parts.length > 1, ...args, withinGroup: null, ignoreNulls: false, over: null };
}

export function objectName(reader: TokenReader): Name {
  const parts = [reader.identifier()];
  while (reader.takeSymbol('.')) parts.push(reader.identifier());
  if (parts.length > 3) throw reader.unexpected();
  return parts;
}

function alias(reader: TokenReader): Alias {
  const name = reader.alias();
  const columns =
    name !== null && reader.isSymbol('(') ? reader.inParentheses(() => reader.list(() => reader.identifier())) : [];
  return { name, columns };
}
