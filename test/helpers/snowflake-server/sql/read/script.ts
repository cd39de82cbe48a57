/**
 * Snowflake Scripting: DECLARE, BEGIN … END, IF, LET, `:=`, SELECT … INTO, RETURN, RAISE, EXCEPTION. Loops, cursors and EXECUTE IMMEDIATE
 * are not told here. Syntax of the SQL statements inside is checked when they run; Snowflake checks it when the procedure is created.
 */
import { faults } from '../faults.ts';
import { expression } from './expression.ts';
import { readerOf } from './query.ts';
import type { Block, Declaration, Handler, Step } from './script-ast.ts';
import type { Place } from './token.ts';
import type { TokenReader } from './token-reader.ts';
import { parseType } from './type.ts';

/** @throws SqlError 001003 with the line and position inside the body */
export function parseBody(body: string): Block {
  const reader = readerOf(body);
  const block = blockOf(reader);
  reader.expectEnd();
  return block;
}

function blockOf(reader: TokenReader): Block {
  const declarations: Declaration[] = [];
  if (reader.takeWord('DECLARE')) while (!reader.isWord('BEGIN')) declarations.push(declaration(reader));
  reader.expectWord('BEGIN');
  const steps = stepsUntil(reader, ['END', 'EXCEPTION']);
  const handlers: Handler[] = [];
  if (reader.takeWord('EXCEPTION')) while (reader.isWord('WHEN')) handlers.push(handler(reader));
  reader.expectWord('END');
  return { declarations, steps, handlers };
}

function declaration(reader: TokenReader): Declaration {
  const at = reader.peek();
  const name = reader.identifier();
  const found = reader.takeWord('EXCEPTION') ? exception(reader, name, at) : variable(reader, name, at);
  reader.expectSymbol(';');
  return found;
}

function exception(reader: TokenReader, name: string, at: Place): Declaration {
  if (!reader.takeSymbol('(')) return { kind: 'exception', name, at, code: '-20000', message: '' };
  const sign = reader.takeSymbol('-') ? '-' : '';
  const code = `${sign}${reader.wholeNumber()}`;
  reader.expectSymbol(',');
  const message = reader.string();
  reader.expectSymbol(')');
  return { kind: 'exception', name, at, code, message };
}

/** `name [TYPE] [{DEFAULT | :=} value]` */
function variable(reader: TokenReader, name: string, at: Place): Declaration {
  const typed = reader.peek().kind === 'word' && !reader.isWord('DEFAULT');
  const type = typed ? parseType(reader) : null;
  const value = reader.takeWord('DEFAULT') || reader.takeSymbol(':=') ? expression(reader) : null;
  if (type === null && value === null) throw reader.unexpected();
  return { kind: 'variable', name, at, type, value };
}

function handler(reader: TokenReader): Handler {
  reader.expectWord('WHEN');
  const names = [reader.identifierOrWord()];
  while (reader.takeWord('OR')) names.push(reader.identifierOrWord());
  reader.expectWord('THEN');
  return { names, steps: stepsUntil(reader, ['END', 'WHEN']) };
}

function stepsUntil(reader: TokenReader, ends: readonly string[]): readonly Step[] {
  const steps: Step[] = [];
  while (!ends.some((word) => reader.isWord(word))) {
    if (reader.isEnd()) throw reader.unexpected();
    steps.push(step(reader));
    reader.expectSymbol(';');
  }
  return steps;
}

const notHere = ['FOR', 'WHILE', 'REPEAT', 'LOOP', 'OPEN', 'FETCH', 'EXECUTE', 'CASE', 'AWAIT', 'ASYNC'];

function step(reader: TokenReader): Step {
  const at = reader.peek();
  if (notHere.some((word) => reader.isWord(word))) throw faults.unsupported(`${at.text} in a script`);
  if (reader.takeWord('IF')) return ifStep(reader, at);
  if (reader.takeWord('RETURN')) {
    return { kind: 'return', at, value: reader.isSymbol(';') ? null : expression(reader) };
  }
  if (reader.takeWord('RAISE')) return { kind: 'raise', at, name: reader.isSymbol(';') ? null : reader.identifier() };
  if (reader.takeWord('NULL')) return { kind: 'null', at };
  if (reader.takeWord('LET')) return { kind: 'let', at, declaration: variable(reader, reader.identifier(), at) };
  if (reader.isWord('DECLARE') || (reader.isWord('BEGIN') && !isTransaction(reader))) {
    return { kind: 'block', at, block: blockOf(reader) };
  }
  if (reader.isIdentifier() && reader.isSymbol(':=', 1)) {
    const name = reader.identifier();
    reader.expectSymbol(':=');
    return { kind: 'assign', at, name, value: expression(reader) };
  }
  return sqlStep(reader, at);
}

const isTransaction = (reader: TokenReader) =>
  reader.isSymbol(';', 1) || ['TRANSACTION', 'WORK', 'NAME'].includes(reader.peek(1).text);

function ifStep(reader: TokenReader, at: Place): Step {
  const branches = [branch(reader)];
  while (reader.takeWord('ELSEIF')) branches.push(branch(reader));
  const otherwise = reader.takeWord('ELSE') ? stepsUntil(reader, ['END']) : [];
  reader.expectWord('END', 'IF');
  return { kind: 'if', at, branches, otherwise };
}

/** The condition stands in parentheses. */
function branch(reader: TokenReader) {
  const when = reader.inParentheses(() => expression(reader));
  reader.expectWord('THEN');
  return { when, steps: stepsUntil(reader, ['ELSEIF', 'ELSE', 'END']) };
}

const sqlWords = new Set(
  'SELECT WITH INSERT UPDATE DELETE MERGE TRUNCATE CREATE ALTER DROP BEGIN START COMMIT ROLLBACK CALL USE SHOW DESCRIBE DESC GRANT'.split(
    ' ',
  ),
);

/** Tokens up to the semicolon. INTO of a SELECT is taken out and blanked, so that the places of the rest stay. */
function sqlStep(reader: TokenReader, at: Place): Step {
  if (!sqlWords.has(reader.peek().text)) throw reader.unexpected();
  const isQuery = reader.isWord('SELECT') || reader.isWord('WITH');
  const into: string[] = [];
  let text = '';
  let depth = 0;
  let from: Place = at;
  while (!reader.isSymbol(';') && !reader.isEnd()) {
    if (isQuery && depth === 0 && reader.isWord('INTO')) {
      const start = reader.peek();
      const before = reader.textBetween(from, start);
      reader.next();
      into.push(...reader.list(() => intoTarget(reader)));
      from = reader.peek();
      text += before + reader.textBetween(start, from).replaceAll(/\S/g, ' ');
      continue;
    }
    if (reader.isSymbol('(')) depth += 1;
    if (reader.isSymbol(')')) depth -= 1;
    reader.next();
  }
  return { kind: 'sql', at, text: text + reader.textBetween(from, reader.peek()), into };
}

function intoTarget(reader: TokenReader): string {
  reader.takeSymbol(':');
  return reader.identifier();
}
