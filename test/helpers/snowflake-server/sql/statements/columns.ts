/** Column definitions of CREATE TABLE and ALTER TABLE. Keys and comments are read and, as in Snowflake, not enforced. */
import { assignable } from '../check/cast.ts';
import { check } from '../check/expression.ts';
import { rootScope, type Compiler } from '../check/scope.ts';
import { faults } from '../faults.ts';
import { quote } from '../names.ts';
import { expression } from '../read/expression.ts';
import type { TokenReader } from '../read/token-reader.ts';
import { parseType } from '../read/type.ts';
import type { ColumnShape } from '../statement.ts';
import { duckType } from '../types.ts';

export interface ColumnDefinition {
  readonly shape: ColumnShape;
  /** DuckDB SQL of the DEFAULT; null without one. */
  readonly fallback: string | null;
}

const constraintWords = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN'];

/** `(a NUMBER NOT NULL, …, PRIMARY KEY (a))` */
export function columnDefinitions(reader: TokenReader, compiler: Compiler): readonly ColumnDefinition[] {
  const found = reader.inParentheses(() =>
    reader.list(() => (isConstraint(reader) ? tableConstraint(reader) : columnDefinition(reader, compiler))),
  );
  const definitions = found.filter((definition) => definition !== null);
  const names = definitions.map((definition) => definition.shape.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw faults.columnExists(twice);
  return definitions;
}

const isConstraint = (reader: TokenReader) => {
  const next = reader.peek(1);
  return (
    constraintWords.some((word) => reader.isWord(word)) &&
    (next.text === '(' || next.text === 'KEY' || reader.isWord('CONSTRAINT'))
  );
};

function tableConstraint(reader: TokenReader): null {
  if (reader.takeWord('CONSTRAINT')) reader.identifier();
  if (!reader.takeWord('PRIMARY', 'KEY')) reader.expectWord('UNIQUE');
  reader.inParentheses(() => reader.list(() => reader.identifier()));
  return null;
}

export function columnDefinition(reader: TokenReader, compiler: Compiler): ColumnDefinition {
  const name = reader.identifier();
  const type = parseType(reader);
  let nullable = true;
  let fallback: string | null = null;
  for (;;) {
    if (reader.takeWord('NOT', 'NULL')) nullable = false;
    else if (reader.takeWord('NULL')) nullable = true;
    else if (reader.takeWord('DEFAULT')) {
      fallback = assignable(
        check(expression(reader), { ...rootScope(compiler), noAggregates: 'default' }),
        { name, type },
        compiler,
      );
    } else if (reader.takeWord('PRIMARY', 'KEY')) nullable = false;
    else if (reader.takeWord('COMMENT')) reader.string();
    else if (!reader.takeWord('UNIQUE')) break;
  }
  if (['AUTOINCREMENT', 'IDENTITY', 'COLLATE', 'MASKING'].includes(reader.peek().text))
    throw faults.unsupported(reader.peek().text);
  return { shape: { name, type, nullable }, fallback };
}

export function definitionSql({ shape, fallback }: ColumnDefinition): string {
  const parts = [
    quote(shape.name),
    duckType(shape.type),
    shape.nullable ? '' : 'NOT NULL',
    fallback === null ? '' : `DEFAULT ${fallback}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
