/** What the tables of functions say of each: its arguments, and the DuckDB SQL it becomes. */
import type { CastContext } from '../check/cast-shape.ts';
import type { Result } from '../check/operators.ts';
import type { Typed } from '../check/typed.ts';
import type { Place } from '../read/token.ts';

/**
 * What an argument must be: `number` NUMBER or FLOAT, `time` DATE or a timestamp, `variant` VARIANT, OBJECT or ARRAY, `part` a unit of time
 * as a bare word or text, `constant` a constant. Text coerces to what is wanted, as in Snowflake.
 */
export type ParameterKind = 'any' | 'number' | 'text' | 'boolean' | 'time' | 'variant' | 'part' | 'constant';

export interface Parameter {
  readonly kind: ParameterKind;
  readonly optional: boolean;
  readonly repeated: boolean;
}

export interface Site extends CastContext {
  readonly name: string;
  readonly at: Place;
  /** As Snowflake echoes the call. */
  readonly text: string;
}

export interface AggregateSite extends Site {
  /** `DISTINCT ` or nothing. */
  readonly distinct: string;
  /** ` ORDER BY …` of WITHIN GROUP or nothing. */
  readonly order: string;
  /** What WITHIN GROUP orders by. */
  readonly ordered: readonly Typed[];
  /** ` OVER (…)` or nothing: goes right behind the DuckDB call. */
  readonly over: string;
  /** Of an OVER that has an ORDER BY but no frame. */
  readonly ignoreNulls: string;
}

export interface ScalarFunction {
  readonly kind: 'scalar';
  readonly parameters: readonly Parameter[];
  emit(args: readonly Typed[], site: Site): Result;
}

export interface AggregateFunction {
  readonly kind: 'aggregate';
  readonly parameters: readonly Parameter[];
  /** Whether WITHIN GROUP (ORDER BY …) must, may or may not stand behind it. */
  readonly withinGroup: 'must' | 'may' | 'never';
  emit(args: readonly Typed[], site: AggregateSite): Result;
}

export interface WindowFunction {
  readonly kind: 'window';
  readonly parameters: readonly Parameter[];
  /** Frame that Snowflake takes where the statement gives none; null: the usual one. */
  readonly frame: string | null;
  emit(args: readonly Typed[], site: AggregateSite): Result;
}

export type FunctionSpec = ScalarFunction | AggregateFunction | WindowFunction;
export type FunctionTable = Readonly<Record<string, FunctionSpec>>;

const kinds: ReadonlySet<string> = new Set([
  'any',
  'number',
  'text',
  'boolean',
  'time',
  'variant',
  'part',
  'constant',
] satisfies ParameterKind[]);
const isKind = (word: string): word is ParameterKind => kinds.has(word);

/** `number number?` `any+`: `?` may be left out, `+` may be repeated. */
function parameters(text: string): readonly Parameter[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const kind = word.replace(/[?+]$/, '');
      if (!isKind(kind)) throw new Error(`No kind of argument: ${word}`);
      return { kind, optional: word.endsWith('?'), repeated: word.endsWith('+') };
    });
}

export const scalar = (text: string, emit: ScalarFunction['emit']): ScalarFunction => ({
  kind: 'scalar',
  parameters: parameters(text),
  emit,
});

export const aggregate = (
  text: string,
  emit: AggregateFunction['emit'],
  withinGroup: AggregateFunction['withinGroup'] = 'never',
): AggregateFunction => ({ kind: 'aggregate', parameters: parameters(text), withinGroup, emit });

export const windowed = (text: string, emit: WindowFunction['emit'], frame: string | null = null): WindowFunction => ({
  kind: 'window',
  parameters: parameters(text),
  frame,
  emit,
});

export const anyNullable = (args: readonly Typed[]) => args.some((value) => value.nullable);
export const sqls = (args: readonly Typed[]) => args.map((value) => value.sql).join(', ');
/** The argument at a place that the parameter list guarantees. */
export function arg(args: readonly Typed[], index: number): Typed {
  const value = args[index];
  if (value === undefined) throw new RangeError(`Argument ${index} is missing`);
  return value;
}
/** Whole number, as DuckDB's own functions take it. */
export const whole = (value: Typed) => `CAST(${value.sql} AS BIGINT)`;
