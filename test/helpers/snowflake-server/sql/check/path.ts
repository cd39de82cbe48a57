/** Steps into a VARIANT: `:key`, `['key']`, `[0]`, and GET. What is not there is NULL. */
import { faults } from '../faults.ts';
import type { Expr, PathStep } from '../read/ast.ts';
import { isSemi, variantType } from '../types.ts';
import { makeupOf, textConstant, typeEcho, type Typed } from './typed.ts';

const pointer = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** @throws SqlError 001044 when the operand is no semi-structured value */
export function pathValue(
  operand: Typed,
  steps: readonly PathStep[],
  check: (expr: Expr) => Typed,
  source: string,
): Typed {
  if (!isSemi(operand.type.kind)) throw faults.argumentTypes(operand.at, 'GET', `${typeEcho(operand.type)}, VARCHAR`);
  const keys = constantKeys(steps);
  const text = source.toUpperCase();
  if (keys === null) {
    return steps.reduce<Typed>(
      (value, step) => ({ ...getValue(value, stepValue(step, operand, check)), text }),
      operand,
    );
  }
  const place = textConstant(keys.map(pointer).join(''));
  return {
    ...operand,
    sql: `json_extract(${operand.sql}, ${place})`,
    variantText: textAt(operand, place),
    taken: undefined,
    type: variantType,
    nullable: true,
    text,
  };
}

function textAt({ sql, taken }: Typed, place: string): string {
  if (taken === undefined) return `json_extract_string(${sql}, ${place})`;
  const known = taken.paths.indexOf(place);
  return `${taken.sql}[${known < 0 ? taken.paths.push(place) : known + 1}]`;
}

/** Keys and whole numbers known now; null when one has to be computed. */
function constantKeys(steps: readonly PathStep[]): readonly string[] | null {
  const keys = steps.map((step) => {
    if (step.kind === 'key') return step.key;
    if (step.value.kind === 'string') return step.value.value;
    return step.value.kind === 'number' && /^\d+$/.test(step.value.text) ? step.value.text : null;
  });
  return keys.every((key) => key !== null) ? keys : null;
}

function stepValue(step: PathStep, operand: Typed, check: (expr: Expr) => Typed): Typed {
  if (step.kind === 'computed') return check(step.value);
  const type = { kind: 'varchar', length: Math.max(1, step.key.length) } as const;
  return { ...operand, sql: textConstant(step.key), type, nullable: false, text: step.key, ...makeupOf([]) };
}

/** GET(v, key): a number is a place in an array, text is a key of an object. */
export function getValue(value: Typed, key: Typed): Typed {
  const { kind } = key.type;
  const byPlace = kind === 'number' || kind === 'float';
  if (!isSemi(value.type.kind) || (!byPlace && kind !== 'varchar' && kind !== 'bind' && kind !== 'null')) {
    throw faults.argumentTypes(key.at, 'GET', `${typeEcho(value.type)}, ${typeEcho(key.type)}`);
  }
  const sql = byPlace ? `sf_at(${value.sql}, ${key.sql})` : `sf_get(${value.sql}, CAST(${key.sql} AS VARCHAR))`;
  return {
    ...value,
    ...makeupOf([value, key]),
    sql,
    type: variantType,
    nullable: true,
    variantText: undefined,
    taken: undefined,
    constant: undefined,
  };
}
