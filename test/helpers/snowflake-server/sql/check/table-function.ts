/** TABLE(FLATTEN(…)), LATERAL FLATTEN(…) and TABLE(GENERATOR(ROWCOUNT => n)). */
import { faults } from '../faults.ts';
import { quote } from '../names.ts';
import type { Call, Expr } from '../read/ast.ts';
import type { Place } from '../read/token.ts';
import { isSemi, numberType, variantType, varchar } from '../types.ts';
import { cast } from './cast.ts';
import { getValue } from './path.ts';
import type { Compiler, Relational, ScopeColumn } from './scope.ts';
import { pathsMark, typeEcho, type Typed } from './typed.ts';

export function tableFunction(call: Call, at: Place, check: (expr: Expr) => Typed, compiler: Compiler): Relational {
  if (call.qualified || (call.name !== 'FLATTEN' && call.name !== 'GENERATOR')) throw faults.unknownFunction(call.name);
  return call.name === 'FLATTEN' ? flatten(call, at, check, compiler) : generator(call, at);
}

const column = (name: string, type: ScopeColumn['type']): ScopeColumn => ({
  name,
  duck: quote(name),
  type,
  nullable: true,
});

/** SEQ is 1 for every row here: nothing that orders by it can be proven by this stand-in. */
const flattened: readonly ScopeColumn[] = [
  column('SEQ', numberType(19, 0)),
  column('KEY', varchar),
  column('PATH', varchar),
  column('INDEX', numberType(9, 0)),
  column('VALUE', variantType),
  column('THIS', variantType),
];

function flatten(call: Call, at: Place, check: (expr: Expr) => Typed, compiler: Compiler): Relational {
  const known = new Set(['INPUT', 'PATH', 'OUTER', 'RECURSIVE', 'MODE']);
  for (const name of call.named.keys())
    if (!known.has(name)) throw faults.invalidArgument(`unexpected argument name '${name}'`);
  for (const name of ['RECURSIVE', 'MODE']) if (call.named.has(name)) throw faults.unsupported(`FLATTEN(${name} => …)`);
  const given = call.named.get('INPUT') ?? call.args[0];
  if (given === undefined || call.args.length > 1) throw faults.tooFewArguments(at, 'FLATTEN()', 1, 0);
  const input = check(given);
  if (!isSemi(input.type.kind) && input.type.kind !== 'null')
    throw faults.argumentTypes(at, 'FLATTEN', typeEcho(input.type));
  const path = call.named.get('PATH');
  const value = path === undefined ? input : getValue(input, check(path));
  const taken: string[] = [];
  const mark = pathsMark(compiler.taken.push(taken) - 1);
  const columns = flattened.map((one) => (one.name === 'VALUE' ? { ...one, taken } : one));
  return { sql: flattenSql(cast(value, variantType, compiler).sql, isOuter(call), mark), columns };
}

function isOuter(call: Call): boolean {
  const outer = call.named.get('OUTER');
  if (outer !== undefined && outer.kind !== 'boolean')
    throw faults.invalidArgument('argument OUTER needs to be constant');
  return outer?.kind === 'boolean' && outer.value;
}

/** Lists of equal length, unnested side by side. The input is named once: it may be megabytes of JSON. */
function flattenSql(input: string, outer: boolean, paths: string): string {
  const size = `CASE kind WHEN 'ARRAY' THEN json_array_length(j)::BIGINT WHEN 'OBJECT' THEN len(json_keys(j)) ELSE 0 END`;
  const one = outer ? `[CAST(NULL AS JSON)]` : '[]';
  return `SELECT CAST(1 AS DECIMAL(19,0)) AS "SEQ", CAST(k AS VARCHAR) AS "KEY",
    CAST(CASE WHEN kind = 'ARRAY' THEN '[' || i || ']' ELSE k END AS VARCHAR) AS "PATH",
    CAST(CASE WHEN kind = 'ARRAY' THEN i END AS DECIMAL(9,0)) AS "INDEX", v AS "VALUE", j AS "THIS"${paths}
    FROM (SELECT j, kind, UNNEST(CASE WHEN n = 0 THEN ${one} WHEN kind = 'ARRAY' THEN json_extract(j, '$[*]') ELSE json_extract(j, '$.*') END) AS v,
      UNNEST(range(n)) AS i, UNNEST(CASE WHEN kind = 'OBJECT' THEN json_keys(j) ELSE [] END) AS k
      FROM (SELECT j, kind, ${size} AS n FROM (SELECT j, json_type(j) AS kind FROM (SELECT ${input} AS j))))`;
}

function generator(call: Call, at: Place): Relational {
  const rows = call.named.get('ROWCOUNT');
  if (rows === undefined || rows.kind !== 'number' || !/^\d+$/.test(rows.text))
    throw faults.unsupported('GENERATOR without a constant ROWCOUNT');
  if (call.named.size > 1) throw faults.syntax(at, 'GENERATOR');
  return { sql: `SELECT i FROM range(${rows.text}) AS "numbers"(i)`, columns: [] };
}
