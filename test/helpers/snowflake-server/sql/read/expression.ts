/**
 * Expressions, loosest first: OR, AND, NOT, comparison, `||`, `+ -`, `* / %`, sign, then what follows an operand (`::`, `:path`, `[…]`).
 */
import { faults } from '../faults.ts';
import type { BinaryOperator, Expr } from './ast.ts';
import { operand } from './operand.ts';
import type { Place } from './token.ts';
import type { TokenReader } from './token-reader.ts';
import { parseType } from './type.ts';

type Shape = Expr extends infer E ? (E extends Expr ? Omit<E, 'at' | 'source'> : never) : never;

/** A node with its place and text. */
export function node<S extends Shape>(reader: TokenReader, at: Place, shape: S): S & { at: Place; source: string } {
  return { ...shape, at, source: reader.sourceFrom(at) };
}

export function expression(reader: TokenReader): Expr {
  return chain(reader, conjunction, { OR: 'OR' });
}

function conjunction(reader: TokenReader): Expr {
  return chain(reader, negation, { AND: 'AND' });
}

function negation(reader: TokenReader): Expr {
  const at = reader.peek();
  if (!reader.takeWord('NOT')) return comparison(reader);
  const inner = negation(reader);
  return node(reader, at, { kind: 'not', operand: inner });
}

const comparisons: Readonly<Record<string, BinaryOperator>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function comparison(reader: TokenReader): Expr {
  const at = reader.peek();
  let left = concatenation(reader);
  for (;;) {
    const operator = comparisons[reader.peek().text];
    if (reader.peek().kind === 'symbol' && operator !== undefined) {
      reader.next();
      const right = concatenation(reader);
      left = node(reader, at, { kind: 'binary', operator, left, right });
      continue;
    }
    const test = predicate(reader, at, left);
    if (test === null) return left;
    left = test;
  }
}

function predicate(reader: TokenReader, at: Place, left: Expr): Expr | null {
  if (reader.takeWord('IS')) return isTest(reader, at, left);
  const negated = reader.isWord('NOT');
  const ahead = reader.peek(negated ? 1 : 0);
  if (ahead.kind === 'word' && (ahead.text === 'RLIKE' || ahead.text === 'REGEXP'))
    throw faults.unsupported(ahead.text);
  if (ahead.kind !== 'word' || !['IN', 'BETWEEN', 'LIKE', 'ILIKE'].includes(ahead.text)) return null;
  if (negated) reader.next();
  reader.next();
  if (ahead.text === 'IN') return inTest(reader, at, left, negated);
  return ahead.text === 'BETWEEN'
    ? betweenTest(reader, at, left, negated)
    : likeTest(reader, at, left, { negated, ignoreCase: ahead.text === 'ILIKE' });
}

function isTest(reader: TokenReader, at: Place, left: Expr): Expr {
  const negated = reader.takeWord('NOT');
  if (reader.takeWord('DISTINCT', 'FROM')) {
    const right = concatenation(reader);
    return node(reader, at, { kind: 'same', left, right, negated: !negated });
  }
  const what = (['null', 'true', 'false'] as const).find((word) => reader.takeWord(word.toUpperCase()));
  if (what === undefined) throw reader.unexpected();
  return node(reader, at, { kind: 'is', what, operand: left, negated });
}

function inTest(reader: TokenReader, at: Place, left: Expr, negated: boolean): Expr {
  reader.expectSymbol('(');
  if (reader.isWord('SELECT') || reader.isWord('WITH')) {
    const query = reader.query();
    reader.expectSymbol(')');
    return node(reader, at, { kind: 'inQuery', operand: left, query, negated });
  }
  const list = reader.list(() => expression(reader));
  reader.expectSymbol(')');
  return node(reader, at, { kind: 'in', operand: left, list, negated });
}

function betweenTest(reader: TokenReader, at: Place, left: Expr, negated: boolean): Expr {
  const low = concatenation(reader);
  reader.expectWord('AND');
  const high = concatenation(reader);
  return node(reader, at, { kind: 'between', operand: left, low, high, negated });
}

function likeTest(
  reader: TokenReader,
  at: Place,
  left: Expr,
  how: { readonly negated: boolean; readonly ignoreCase: boolean },
): Expr {
  const pattern = concatenation(reader);
  const escape = reader.takeWord('ESCAPE') ? concatenation(reader) : null;
  return node(reader, at, { kind: 'like', operand: left, pattern, escape, ...how });
}

function concatenation(reader: TokenReader): Expr {
  return chain(reader, sum, { '||': '||' });
}

function sum(reader: TokenReader): Expr {
  return chain(reader, product, { '+': '+', '-': '-' });
}

function product(reader: TokenReader): Expr {
  return chain(reader, sign, { '*': '*', '/': '/', '%': '%' });
}

/** Operators of one strength, from left to right. */
function chain(
  reader: TokenReader,
  tighter: (reader: TokenReader) => Expr,
  operators: Readonly<Record<string, BinaryOperator>>,
): Expr {
  const at = reader.peek();
  let left = tighter(reader);
  for (;;) {
    const token = reader.peek();
    const operator = token.kind === 'symbol' || token.kind === 'word' ? operators[token.text] : undefined;
    if (operator === undefined) return left;
    reader.next();
    const right = tighter(reader);
    left = node(reader, at, { kind: 'binary', operator, left, right });
  }
}

function sign(reader: TokenReader): Expr {
  const at = reader.peek();
  if (reader.takeSymbol('+')) return sign(reader);
  if (!reader.takeSymbol('-')) return followed(reader);
  const inner = sign(reader);
  return node(reader, at, { kind: 'minus', operand: inner });
}

/** An operand with its casts and paths. */
function followed(reader: TokenReader): Expr {
  const at = reader.peek();
  let value = operand(reader, expression);
  for (;;) {
    if (reader.takeSymbol('::')) {
      const type = parseType(reader);
      value = node(reader, at, { kind: 'cast', operand: value, type, attempt: false });
    } else if (reader.isSymbol('[') || reader.isSymbol(':')) {
      value = node(reader, at, { kind: 'path', operand: value, steps: path(reader) });
    } else {
      return value;
    }
  }
}

/** `:key.key[0]['key']`. Keys keep their case. */
function path(reader: TokenReader) {
  const steps: (Expr & { kind: 'path' })['steps'][number][] = [];
  if (reader.takeSymbol(':')) steps.push(key(reader));
  for (;;) {
    if (reader.takeSymbol('[')) {
      steps.push({ kind: 'computed', value: expression(reader) });
      reader.expectSymbol(']');
    } else if (steps.length > 0 && reader.takeSymbol('.')) {
      steps.push(key(reader));
    } else {
      return steps;
    }
  }
}

function key(reader: TokenReader) {
  const token = reader.peek();
  if (token.kind !== 'word' && token.kind !== 'quoted') throw reader.unexpected();
  reader.next();
  return { kind: 'key', key: token.kind === 'word' ? token.raw : token.text } as const;
}
