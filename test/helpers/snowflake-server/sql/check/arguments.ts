/** Arguments of a call: as many as the function takes, each of the type it wants. */
import { faults } from '../faults.ts';
import type { FunctionSpec, Parameter } from '../functions/spec.ts';
import type { Call, Expr } from '../read/ast.ts';
import type { SnowflakeType } from '../statement.ts';
import { booleanType, floatType, isSemi, isStamp, numberType, variantType, varchar } from '../types.ts';
import { cast, coerce } from './cast.ts';
import type { CastContext } from './cast-shape.ts';
import { noMakeup, typeEcho, type Typed } from './typed.ts';

export function callArguments(
  expr: Expr,
  call: Call,
  spec: FunctionSpec,
  check: (expr: Expr) => Typed,
  context: CastContext,
): readonly Typed[] {
  if (call.star) return starArguments(expr, call);
  const parameters = matched(expr, call, spec.parameters);
  const given = call.args.map((arg, index) => (parameters[index]?.kind === 'part' ? unitArgument(arg) : check(arg)));
  return given.map((value, index) => {
    const wanted = wantedArgument(value, parameters[index], context);
    if (wanted === null)
      throw faults.argumentTypes(expr.at, call.name, given.map((one) => typeEcho(one.type)).join(', '));
    return wanted;
  });
}

/** Only COUNT counts rows. */
function starArguments(expr: Expr, call: Call): readonly Typed[] {
  if (call.name !== 'COUNT') throw faults.unsupported(`${call.name}(*)`);
  if (call.distinct) throw faults.syntax(expr.at, '*');
  return [];
}

/** One parameter for each argument. @throws SqlError 000938, 000939 */
function matched(expr: Expr, call: Call, parameters: readonly Parameter[]): readonly Parameter[] {
  const least = parameters.filter((parameter) => !parameter.optional).length;
  const last = parameters.at(-1);
  const most = last?.repeated === true ? Infinity : parameters.length;
  const got = call.args.length;
  const text = expr.source.toUpperCase();
  const needed = call.name === 'COUNT' ? 1 : least;
  if (got < needed) throw faults.tooFewArguments(expr.at, text, needed, got);
  if (got > most) throw faults.tooManyArguments(expr.at, text, most, got);
  return call.args.flatMap((_, index) => parameters[index] ?? last ?? []);
}

/** `DAY` or `'day'`. */
function unitArgument(expr: Expr): Typed {
  const word =
    expr.kind === 'name' && expr.parts.length === 1 ? expr.parts[0] : expr.kind === 'string' ? expr.value : null;
  if (word === null || word === undefined)
    throw faults.invalidArgument(`'${expr.source}' is not a valid date/time component`);
  return { ...noMakeup, sql: '', type: varchar, nullable: false, text: word, at: expr.at, constant: word };
}

function wantedArgument(value: Typed, parameter: Parameter | undefined, context: CastContext): Typed | null {
  const { kind } = value.type;
  switch (parameter?.kind) {
    case 'number':
      return numberArgument(value, context);
    case 'text':
      return kind === 'varchar' || isSemi(kind) ? textArgument(value, context) : coerce(value, varchar, context);
    case 'boolean':
      return coerce(value, booleanType, context);
    case 'time':
      return timeArgument(value, context);
    case 'variant':
      return isSemi(kind) ? value : kind === 'null' ? cast(value, variantType, context) : null;
    case 'constant':
      return value.constant === undefined ? null : value;
    default:
      return value;
  }
}

/** A VARIANT is text where text is wanted; an object or array is not. */
function textArgument(value: Typed, context: CastContext): Typed | null {
  if (value.type.kind === 'varchar') return value;
  return value.type.kind === 'variant' ? cast(value, varchar, context) : null;
}

function numberArgument(value: Typed, context: CastContext): Typed | null {
  const { kind } = value.type;
  if (kind === 'number' || kind === 'float') return value;
  if (kind === 'variant') return cast(value, floatType, context);
  return kind === 'boolean' ? null : coerce(value, numberType(38, 9), context);
}

const stamp: SnowflakeType = { kind: 'timestamp_ntz', scale: 9 };

function timeArgument(value: Typed, context: CastContext): Typed | null {
  const { kind } = value.type;
  if (kind === 'date' || isStamp(kind)) return value;
  return kind === 'number' || kind === 'float' || kind === 'boolean' ? null : coerce(value, stamp, context);
}
