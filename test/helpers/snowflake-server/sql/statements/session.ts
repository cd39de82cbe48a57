/** Transactions, USE, ALTER SESSION, SHOW, DESCRIBE, GRANT, EXPLAIN: told to the server, which knows what they do. */
import type { Compiler } from '../check/scope.ts';
import { faults } from '../faults.ts';
import { echo, resolveName } from '../names.ts';
import { objectName } from '../read/from.ts';
import type { TokenReader } from '../read/token-reader.ts';
import type { Compiled, ObjectName } from '../statement.ts';

export function begin(reader: TokenReader): Compiled {
  const word = reader.next().text;
  const named = reader.takeWord('TRANSACTION') || reader.takeWord('WORK');
  if (word === 'START' && !named) throw reader.unexpected();
  if (reader.takeWord('NAME')) reader.identifier();
  reader.expectEnd();
  return { kind: 'begin' };
}

export function end(reader: TokenReader): Compiled {
  const kind = reader.next().text === 'COMMIT' ? 'commit' : 'rollback';
  reader.takeWord('WORK');
  reader.expectEnd();
  return { kind };
}

/** `USE db` means the database, `USE db.schema` the schema. */
export function use(reader: TokenReader): Compiled {
  reader.expectWord('USE');
  const what = (['warehouse', 'database', 'schema', 'role'] as const).find(
    (word) => reader.isWord(word.toUpperCase()) && reader.isIdentifierOrWord(1),
  );
  if (what !== undefined) reader.next();
  const [name = '', database] = objectName(reader).toReversed();
  reader.expectEnd();
  const kind = what ?? (database === undefined ? 'database' : 'schema');
  return { kind: 'use', what: kind, name, database: database ?? null };
}

export function alterSession(reader: TokenReader): Compiled {
  reader.expectWord('ALTER', 'SESSION');
  if (!reader.takeWord('SET')) throw faults.unsupported(`ALTER SESSION ${reader.peek().text}`);
  const parameters: Record<string, string | number | boolean> = {};
  do {
    const name = reader.identifier();
    reader.expectSymbol('=');
    parameters[name] = parameterValue(reader);
    reader.takeSymbol(',');
  } while (!reader.isEnd() && !reader.isSymbol(';'));
  reader.expectEnd();
  return { kind: 'alter_session', parameters };
}

function parameterValue(reader: TokenReader): string | number | boolean {
  const token = reader.next();
  if (token.kind === 'string') return token.text;
  if (token.kind === 'number') return Number(token.text);
  if (token.text === 'TRUE' || token.text === 'FALSE') return token.text === 'TRUE';
  if (token.kind === 'word') return token.text;
  throw reader.unexpected(token);
}

const showEnds = new Set(['LIKE', 'IN', 'ON', 'TO', 'OF', 'STARTS', 'LIMIT', 'HISTORY']);

/** SHOW [TERSE] things [HISTORY] [LIKE '…'] [IN …]; `what` is in lower case. */
export function show(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('SHOW');
  reader.takeWord('TERSE');
  const words: string[] = [];
  while (reader.peek().kind === 'word' && !showEnds.has(reader.peek().text))
    words.push(reader.next().text.toLowerCase());
  if (words.length === 0) throw reader.unexpected();
  reader.takeWord('HISTORY');
  const like = reader.takeWord('LIKE') ? reader.string() : null;
  const inObject = ['IN', 'ON', 'TO', 'OF'].some((word) => reader.takeWord(word)) ? container(reader, compiler) : null;
  if (reader.takeWord('STARTS', 'WITH')) reader.string();
  if (reader.takeWord('LIMIT')) reader.wholeNumber();
  reader.expectEnd();
  return { kind: 'show', what: words.join(' '), like, inObject };
}

const containers = new Set([
  'ACCOUNT',
  'DATABASE',
  'SCHEMA',
  'TABLE',
  'VIEW',
  'ROLE',
  'USER',
  'WAREHOUSE',
  'PROCEDURE',
]);

/** The object of IN, ON, TO or OF; of a database only `database` is filled, of a schema also `schema`; the account is null. */
function container(reader: TokenReader, { catalog }: Compiler): ObjectName | null {
  const kind = containers.has(reader.peek().text) ? reader.next().text : 'NAME';
  if (kind === 'ACCOUNT') return null;
  if (reader.isEnd() || reader.peek().text === ';')
    return { database: catalog.currentDatabase ?? '', schema: catalog.currentSchema ?? '', name: '' };
  const parts = objectName(reader);
  if (reader.takeSymbol('(')) while (!reader.takeSymbol(')')) reader.next();
  const [last = '', second, third] = parts.toReversed();
  if (kind === 'DATABASE') return { database: last, schema: '', name: '' };
  if (kind === 'SCHEMA' || (kind === 'NAME' && second !== undefined && third === undefined)) {
    return { database: second ?? catalog.currentDatabase ?? '', schema: last, name: '' };
  }
  if (kind === 'NAME' && second === undefined) return { database: last, schema: '', name: '' };
  return {
    database: third ?? catalog.currentDatabase ?? '',
    schema: second ?? catalog.currentSchema ?? '',
    name: last,
  };
}

export function describe(reader: TokenReader, compiler: Compiler): Compiled {
  reader.next();
  if (!reader.takeWord('TABLE') && !reader.takeWord('VIEW')) throw faults.unsupported(`DESCRIBE ${reader.peek().text}`);
  const written = objectName(reader);
  reader.expectEnd();
  const target = resolveName(written, compiler.catalog, 'DESCRIBE');
  if (compiler.catalog.table(target) === null) throw faults.noTable(echo(written));
  return { kind: 'describe_table', target };
}

export function grant(reader: TokenReader, text: string): Compiled {
  reader.next();
  while (!reader.isEnd()) reader.next();
  return { kind: 'grant', text };
}

export function explain(reader: TokenReader, text: string): Compiled {
  reader.expectWord('EXPLAIN');
  while (!reader.isEnd()) reader.next();
  return { kind: 'explain', text };
}
