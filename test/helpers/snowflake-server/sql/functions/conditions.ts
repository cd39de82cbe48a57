/** Functions that choose between values. */
import { cast } from '../check/cast.ts';
import { common } from '../check/meeting.ts';
import { comparison } from '../check/operators.ts';
import { settled, type Typed } from '../check/typed.ts';
import { booleanType, duckType, isSemi } from '../types.ts';
import { anyNullable, arg, scalar, type FunctionTable } from './spec.ts';

const firstKnown = scalar('any any+', (args, site) => {
  const { type, values } = common(args, site);
  const sql = `COALESCE(${values.map((value) => value.sql).join(', ')})`;
  return { sql, type, nullable: args.every((value) => value.nullable) };
});

const choice = (condition: string, yes: Typed, no: Typed) =>
  `CASE WHEN ${condition} THEN ${yes.sql} ELSE ${no.sql} END`;

export const conditionFunctions: FunctionTable = {
  COALESCE: firstKnown,
  NVL: scalar('any any', firstKnown.emit),
  IFNULL: scalar('any any', firstKnown.emit),
  NVL2: scalar('any any any', (args, site) => {
    const { type, values } = common(args.slice(1), site);
    const sql = choice(`${arg(args, 0).sql} IS NOT NULL`, arg(values, 0), arg(values, 1));
    return { sql, type, nullable: anyNullable(args.slice(1)) };
  }),
  IFF: scalar('boolean any any', (args, site) => {
    const { type, values } = common(args.slice(1), site);
    const sql = choice(arg(args, 0).sql, arg(values, 0), arg(values, 1));
    return { sql, type, nullable: anyNullable(args.slice(1)) };
  }),
  NULLIF: scalar('any any', (args, site) => {
    const value = arg(args, 0);
    const type = settled(value.type);
    const equal = comparison('=', value, arg(args, 1), site).sql;
    return { sql: `CASE WHEN ${equal} THEN NULL ELSE ${cast(value, type, site).sql} END`, type, nullable: true };
  }),
  EQUAL_NULL: scalar('any any', (args, site) => {
    const { values } = common(args, site, { comparing: true });
    const sql = `(${arg(values, 0).sql} IS NOT DISTINCT FROM ${arg(values, 1).sql})`;
    return { sql, type: booleanType, nullable: false };
  }),
  ZEROIFNULL: scalar('number', (args) => {
    const { sql, type } = arg(args, 0);
    return { sql: `COALESCE(${sql}, CAST(0 AS ${duckType(settled(type))}))`, type, nullable: false };
  }),
  NULLIFZERO: scalar('number', (args) => {
    const { sql, type } = arg(args, 0);
    return { sql: `NULLIF(${sql}, CAST(0 AS ${duckType(settled(type))}))`, type, nullable: true };
  }),
  /** JSON null, which is not NULL. */
  IS_NULL_VALUE: scalar('variant', (args) => {
    const value = arg(args, 0);
    const sql = isSemi(value.type.kind) ? `(json_type(${value.sql}) = 'NULL')` : 'FALSE';
    return { sql, type: booleanType, nullable: true };
  }),
};
