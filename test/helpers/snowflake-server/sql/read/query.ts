/** Queries: WITH, SELECT, VALUES, set operators, ORDER BY, LIMIT. */
import { faults } from '../faults.ts';
import type { Cte, Expr, Query, QueryBody, Select, SelectItem, SetOperator } from './ast.ts';
import { orderBy } from './call.ts';
import { expression } from './expression.ts';
import { fromClause, valueRows } from './from.ts';
import { TokenReader } from './token-reader.ts';

export function query(reader: TokenReader): Query {
  const ctes = reader.takeWord('WITH') ? withClause(reader) : [];
  const body = setOperation(reader);
  const order = reader.isWord('ORDER') ? orderBy(reader, expression) : [];
  const { limit, offset } = limits(reader);
  return { ctes, body, order, limit, offset };
}

/** A reader whose expressions can hold queries. */
export function readerOf(text: string): TokenReader {
  return new TokenReader(text, query);
}

function withClause(reader: TokenReader): readonly Cte[] {
  if (reader.takeWord('RECURSIVE')) throw faults.unsupported('WITH RECURSIVE');
  return reader.list(() => {
    const name = reader.identifier();
    const columns = reader.isSymbol('(') ? reader.inParentheses(() => reader.list(() => reader.identifier())) : [];
    reader.expectWord('AS');
    return { name, columns, query: reader.inParentheses(() => query(reader)) };
  });
}

/** UNION, EXCEPT and MINUS from left to right; INTERSECT binds tighter. */
function setOperation(reader: TokenReader): QueryBody {
  let left = intersection(reader);
  for (;;) {
    const operator = setOperator(reader);
    if (operator === null) return left;
    left = { kind: 'set', operator, left, right: intersection(reader) };
  }
}

function setOperator(reader: TokenReader): SetOperator | null {
  if (reader.takeWord('UNION')) return reader.takeWord('ALL') ? 'UNION ALL' : 'UNION';
  return reader.takeWord('EXCEPT') || reader.takeWord('MINUS') ? 'EXCEPT' : null;
}

function intersection(reader: TokenReader): QueryBody {
  let left = queryBody(reader);
  while (reader.takeWord('INTERSECT')) left = { kind: 'set', operator: 'INTERSECT', left, right: queryBody(reader) };
  return left;
}

function queryBody(reader: TokenReader): QueryBody {
  if (reader.isSymbol('(')) return { kind: 'nested', query: reader.inParentheses(() => query(reader)) };
  if (reader.takeWord('VALUES')) return { kind: 'values', rows: valueRows(reader) };
  return select(reader);
}

function limits(reader: TokenReader): { limit: Expr | null; offset: Expr | null } {
  const limit = reader.takeWord('LIMIT') ? expression(reader) : null;
  const offset = reader.takeWord('OFFSET') ? expression(reader) : null;
  if (reader.takeWord('FETCH')) throw faults.unsupported('FETCH');
  return { limit, offset };
}

function select(reader: TokenReader): Select {
  reader.expectWord('SELECT');
  const distinct = reader.takeWord('DISTINCT');
  if (!distinct) reader.takeWord('ALL');
  const top = reader.isWord('TOP') && reader.peek(1).kind === 'number' ? topOf(reader) : null;
  const items = reader.list(() => selectItem(reader));
  const from = reader.takeWord('FROM') ? fromClause(reader) : null;
  const where = reader.takeWord('WHERE') ? expression(reader) : null;
  const groupBy = reader.takeWord('GROUP', 'BY') ? groups(reader) : null;
  const having = reader.takeWord('HAVING') ? expression(reader) : null;
  const qualify = reader.takeWord('QUALIFY') ? expression(reader) : null;
  return { kind: 'select', distinct, top, items, from, where, groupBy, having, qualify };
}

function topOf(reader: TokenReader): Expr {
  reader.next();
  return expression(reader);
}

function groups(reader: TokenReader): readonly Expr[] | 'all' {
  if (reader.takeWord('ALL')) return 'all';
  const token = reader.peek();
  if (['ROLLUP', 'CUBE', 'GROUPING'].includes(token.text)) throw faults.unsupported(token.text);
  return reader.list(() => expression(reader));
}

function selectItem(reader: TokenReader): SelectItem {
  const at = reader.peek();
  const qualifier: string[] = [];
  let ahead = 0;
  while (reader.isIdentifier(ahead) && reader.isSymbol('.', ahead + 1)) ahead += 2;
  if (reader.isSymbol('*', ahead)) {
    while (reader.isIdentifier()) {
      qualifier.push(reader.identifier());
      reader.expectSymbol('.');
    }
    reader.expectSymbol('*');
    return { kind: 'star', qualifier, except: excluded(reader), at };
  }
  const value = expression(reader);
  return { kind: 'value', value, alias: reader.alias() };
}

/** `* EXCLUDE (a, b)` */
function excluded(reader: TokenReader): readonly string[] {
  if (!reader.takeWord('EXCLUDE')) return [];
  if (!reader.isSymbol('(')) return [reader.identifier()];
  return reader.inParentheses(() => reader.list(() => reader.identifier()));
}
