/** Operands: constants, binds, names, calls, CASE, casts, subqueries. */
import { faults } from '../faults.ts';
import type { Expr } from './ast.ts';
import { call } from './call.ts';
import { bareFunctions, reserved, reservedFunctions } from './reserved.ts';
import type { Place, Token } from './token.ts';
import type { TokenReader } from './token-reader.ts';
import { parseType } from './type.ts';

export type Inner = (reader: TokenReader) => Expr;

export function operand(reader: TokenReader, inner: Inner): Expr {
  const at = reader.peek();
  const finish = <S extends object>(shape: S) => ({ ...shape, at, source: reader.sourceFrom(at) });
  switch (at.kind) {
    case 'number':
      reader.next();
      return finish({ kind: 'number', text: at.text } as const);
    case 'string':
    case 'dollars':
      reader.next();
      return finish({ kind: 'string', value: at.text } as const);
    case 'symbol':
      return finish(symbol(reader, at, inner));
    case 'quoted':
      return nameOrCall(reader, at, inner);
    case 'word':
      return word(reader, at, inner);
    default:
      throw reader.unexpected();
  }
}

function symbol(reader: TokenReader, token: Token, inner: Inner) {
  if (token.text === '?') {
    reader.next();
    return { kind: 'bind', index: reader.nextBind() } as const;
  }
  if (token.text === ':' && reader.peek(1).kind === 'word') {
    reader.next();
    return { kind: 'variable', name: reader.next().text } as const;
  }
  if (token.text === '[') {
    reader.next();
    const items = reader.isSymbol(']') ? [] : reader.list(() => inner(reader));
    reader.expectSymbol(']');
    return { kind: 'array', items } as const;
  }
  if (token.text === '{') throw faults.unsupported('object constant');
  if (token.text === '(') return parenthesised(reader, inner);
  throw reader.unexpected();
}

function parenthesised(reader: TokenReader, inner: Inner) {
  return reader.inParentheses(() => {
    if (reader.isWord('SELECT') || reader.isWord('WITH')) return { kind: 'subquery', query: reader.query() } as const;
    const value = inner(reader);
    if (reader.isSymbol(',')) throw faults.unsupported('row of several values');
    return value;
  });
}

function word(reader: TokenReader, token: Token, inner: Inner): Expr {
  const finish = <S extends object>(shape: S) => ({ ...shape, at: token, source: reader.sourceFrom(token) });
  if (reader.takeWord('NULL')) return finish({ kind: 'null' } as const);
  if (reader.takeWord('TRUE')) return finish({ kind: 'boolean', value: true } as const);
  if (reader.takeWord('FALSE')) return finish({ kind: 'boolean', value: false } as const);
  if (reader.isWord('CASE')) return finish(caseOf(reader, inner));
  if (reader.isWord('EXISTS') && reader.isSymbol('(', 1)) {
    reader.next();
    const query = reader.inParentheses(() => reader.query());
    return finish({ kind: 'exists', query } as const);
  }
  if (reader.isSymbol('(', 1) && (token.text === 'CAST' || token.text === 'TRY_CAST')) {
    return finish(castOf(reader, inner));
  }
  if (reader.peek(1).kind === 'string' && ['DATE', 'TIMESTAMP'].includes(token.text)) {
    return finish(typedConstant(reader));
  }
  return nameOrCall(reader, token, inner);
}

function castOf(reader: TokenReader, inner: Inner) {
  const attempt = reader.next().text === 'TRY_CAST';
  return reader.inParentheses(() => {
    const value = inner(reader);
    reader.expectWord('AS');
    return { kind: 'cast', operand: value, type: parseType(reader), attempt } as const;
  });
}

/** `DATE '2026-01-01'` */
function typedConstant(reader: TokenReader) {
  const type = parseType(reader);
  const at = reader.next();
  return {
    kind: 'cast',
    operand: { kind: 'string', value: at.text, at, source: at.raw },
    type,
    attempt: false,
  } as const;
}

function caseOf(reader: TokenReader, inner: Inner) {
  reader.expectWord('CASE');
  const subject = reader.isWord('WHEN') ? null : inner(reader);
  const branches: { when: Expr; result: Expr }[] = [];
  while (reader.takeWord('WHEN')) {
    const when = inner(reader);
    reader.expectWord('THEN');
    branches.push({ when, result: inner(reader) });
  }
  if (branches.length === 0) throw reader.unexpected();
  const otherwise = reader.takeWord('ELSE') ? inner(reader) : null;
  reader.expectWord('END');
  return { kind: 'case', operand: subject, branches, otherwise } as const;
}

function nameOrCall(reader: TokenReader, at: Place & Token, inner: Inner): Expr {
  const isCall = reader.isSymbol('(', 1);
  const usable = at.kind === 'quoted' || !reserved.has(at.text) || (isCall && reservedFunctions.has(at.text));
  if (!usable) throw reader.unexpected();
  const parts = [reader.next().text];
  while (reader.isSymbol('.') && reader.isIdentifier(1)) {
    reader.next();
    parts.push(reader.next().text);
  }
  if (reader.isSymbol('(')) return { ...call(reader, parts, inner), at, source: reader.sourceFrom(at) };
  const [name = ''] = parts;
  const bare = parts.length === 1 && at.kind === 'word' && bareFunctions.has(name);
  const shape = bare ? call(reader, parts, inner) : ({ kind: 'name', parts } as const);
  return { ...shape, at, source: reader.sourceFrom(at) };
}
