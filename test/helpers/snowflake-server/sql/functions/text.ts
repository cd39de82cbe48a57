/** Functions of text. */
import type { Typed } from '../check/typed.ts';
import type { SnowflakeType } from '../statement.ts';
import { booleanType, numberType, varchar } from '../types.ts';
import { anyNullable, arg, scalar, sqls, whole, type FunctionTable } from './spec.ts';

const lengthType = numberType(18, 0);
const textType = (value: Typed): SnowflakeType => (value.type.kind === 'varchar' ? value.type : varchar);

/** A DuckDB function of the same name and arguments, that keeps the length. */
const same = (parameters: string, duck: string) =>
  scalar(parameters, (args) => ({
    sql: `${duck}(${sqls(args)})`,
    type: textType(arg(args, 0)),
    nullable: anyNullable(args),
  }));
const test = (duck: string) =>
  scalar('text text', (args) => ({
    sql: `${duck}(${sqls(args)})`,
    type: booleanType,
    nullable: anyNullable(args),
  }));
const counted = (parameters: string, duck: string) =>
  scalar(parameters, (args) => ({
    sql: `CAST(${duck}(${sqls(args)}) AS DECIMAL(18,0))`,
    type: lengthType,
    nullable: anyNullable(args),
  }));
/** A DuckDB function whose arguments after the first are whole numbers. */
const sized = (parameters: string, duck: string) =>
  scalar(parameters, (args) => ({
    sql: `${duck}(${[arg(args, 0).sql, ...args.slice(1).map(whole)].join(', ')})`,
    type: textType(arg(args, 0)),
    nullable: anyNullable(args),
  }));
const padded = (duck: string) =>
  scalar('text number text?', (args) => ({
    sql: `${duck}(${arg(args, 0).sql}, CAST(${arg(args, 1).sql} AS INTEGER), ${args[2]?.sql ?? "' '"})`,
    type: varchar,
    nullable: anyNullable(args),
  }));

/** Place 0 means 1. */
const substring = scalar('text number number?', (args) => {
  const start = whole(arg(args, 1));
  const rest = args.slice(2).map((length) => `, ${whole(length)}`);
  const sql = `substr(${arg(args, 0).sql}, CASE ${start} WHEN 0 THEN 1 ELSE ${start} END${rest.join('')})`;
  return { sql, type: textType(arg(args, 0)), nullable: anyNullable(args) };
});

/** Unlike `||` DuckDB's concat skips NULL. */
const concat = scalar('text+', (args) => ({
  sql: `(${args.map((value) => value.sql).join(' || ')})`,
  type: varchar,
  nullable: anyNullable(args),
}));

const position = scalar('text text', (args) => ({
  sql: `CAST(instr(${arg(args, 1).sql}, ${arg(args, 0).sql}) AS DECIMAL(18,0))`,
  type: lengthType,
  nullable: anyNullable(args),
}));

export const textFunctions: FunctionTable = {
  LOWER: same('text', 'lower'),
  UPPER: same('text', 'upper'),
  REVERSE: same('text', 'reverse'),
  TRIM: same('text text?', 'trim'),
  LTRIM: same('text text?', 'ltrim'),
  RTRIM: same('text text?', 'rtrim'),
  LENGTH: counted('text', 'length'),
  LEN: counted('text', 'length'),
  SUBSTR: substring,
  SUBSTRING: substring,
  LEFT: sized('text number', 'left'),
  RIGHT: sized('text number', 'right'),
  REPEAT: sized('text number', 'repeat'),
  LPAD: padded('lpad'),
  RPAD: padded('rpad'),
  CONTAINS: test('contains'),
  STARTSWITH: test('starts_with'),
  ENDSWITH: test('ends_with'),
  POSITION: position,
  CHARINDEX: position,
  CONCAT: concat,
  MD5: same('text', 'md5'),
  UUID_STRING: scalar('', () => ({
    sql: 'CAST(uuid() AS VARCHAR)',
    type: { kind: 'varchar', length: 36 },
    nullable: false,
  })),
  REPLACE: scalar('text text text?', (args) => ({
    sql: `replace(${arg(args, 0).sql}, ${arg(args, 1).sql}, ${args[2]?.sql ?? "''"})`,
    type: varchar,
    nullable: anyNullable(args),
  })),
  SPLIT_PART: scalar('text text number', (args) => {
    const part = whole(arg(args, 2));
    return {
      sql: `split_part(${arg(args, 0).sql}, ${arg(args, 1).sql}, CASE ${part} WHEN 0 THEN 1 ELSE ${part} END)`,
      type: varchar,
      nullable: anyNullable(args),
    };
  }),
};
