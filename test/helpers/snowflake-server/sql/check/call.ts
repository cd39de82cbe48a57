/** Function calls: looked up, arguments counted and converted, aggregates and windows where they may stand. */
import { faults } from '../faults.ts';
import { functionNamed } from '../functions/table.ts';
import type {
  AggregateFunction,
  AggregateSite,
  FunctionSpec,
  ScalarFunction,
  Site,
  WindowFunction,
} from '../functions/spec.ts';
import type { Call, Expr } from '../read/ast.ts';
import { varchar } from '../types.ts';
import { callArguments } from './arguments.ts';
import type { Check } from './made.ts';
import type { Result } from './operators.ts';
import { ordering, overClause } from './ordering.ts';
import type { Scope } from './scope.ts';
import { makeupOf, noMakeup, textConstant, type Makeup, type Typed } from './typed.ts';

export function callValue(expr: Expr, call: Call, scope: Scope, check: Check): Typed {
  const known = sessionValue(expr, call, scope);
  if (known !== null) return known;
  const spec = call.qualified ? undefined : functionNamed(call.name);
  if (spec === undefined)
    throw call.qualified ? faults.unknownUserFunction(call.name) : faults.unknownFunction(call.name);
  if (call.named.size > 0) throw faults.unsupported(`${call.name} with named arguments`);
  const argScope =
    spec.kind === 'scalar' ? scope : { ...scope, noAggregates: call.over === null ? null : scope.noAggregates };
  const args = callArguments(expr, call, spec, (arg) => check(arg, argScope), scope.compiler);
  const text = `${call.name}(${call.star ? '*' : `${call.distinct ? 'DISTINCT ' : ''}${args.map((arg) => arg.text).join(', ')}`})`;
  const site: Site = { zone: scope.compiler.zone, name: call.name, at: expr.at, text };
  const done =
    spec.kind === 'scalar' ? scalarCall(call, spec, args, site) : rowsCall(call, spec, args, site, scope, check);
  return { constant: undefined, variantText: undefined, zone: undefined, ...done, taken: undefined, text, at: expr.at };
}

/** CURRENT_ROLE() and its like: what the session says. */
function sessionValue(expr: Expr, call: Call, scope: Scope): Typed | null {
  const values = scope.compiler.catalog.sessionFunctions ?? {};
  if (call.args.length > 0 || !Object.hasOwn(values, call.name)) return null;
  const value = values[call.name] ?? null;
  const sql = value === null ? 'CAST(NULL AS VARCHAR)' : textConstant(value);
  return { ...noMakeup, sql, type: varchar, nullable: value === null, text: expr.source.toUpperCase(), at: expr.at };
}

type Done = Result & Makeup;

function scalarCall(call: Call, spec: ScalarFunction, args: readonly Typed[], site: Site): Done {
  if (call.distinct || call.star || call.over !== null || call.withinGroup !== null) {
    throw faults.syntax(site.at, call.distinct ? 'DISTINCT' : call.star ? '*' : call.over !== null ? 'OVER' : 'WITHIN');
  }
  return { ...makeupOf(args), ...spec.emit(args, site) };
}

/** An aggregate or a window function. */
function rowsCall(
  call: Call,
  spec: AggregateFunction | WindowFunction,
  args: readonly Typed[],
  site: Site,
  scope: Scope,
  check: Check,
): Done {
  checkPlace(call, spec, args, site, scope);
  const inner = (expr: Expr) => check(expr, scope);
  const ordered = ordering(call.withinGroup ?? [], inner);
  const over = call.over === null ? null : overClause(call.over, spec, inner);
  const full: AggregateSite = {
    ...site,
    distinct: call.distinct ? 'DISTINCT ' : '',
    order: ordered.sql,
    ordered: ordered.values,
    over: over?.sql ?? '',
    ignoreNulls: call.ignoreNulls ? ' IGNORE NULLS' : '',
  };
  const result = spec.emit(args, full);
  if (over === null) return { ...result, loose: [], aggregates: [site.text], windows: [] };
  const makeup = makeupOf([...args, ...over.values]);
  return { ...result, ...makeup, windows: [...makeup.windows, site.text] };
}

function checkPlace(
  call: Call,
  spec: Exclude<FunctionSpec, ScalarFunction>,
  args: readonly Typed[],
  site: Site,
  scope: Scope,
): void {
  const { noAggregates } = scope;
  const makeup = makeupOf(args);
  if (call.over !== null) {
    if (noAggregates !== null) throw faults.windowOutside(site.text);
    return;
  }
  if (spec.kind === 'window') throw faults.windowMissing(site.name);
  if (noAggregates !== null) throw faults.aggregateIn(noAggregates, site.text);
  const [nested] = makeup.aggregates;
  if (nested !== undefined) throw faults.nestedAggregate(nested, site.text);
  const given = call.withinGroup !== null;
  if (spec.withinGroup !== 'may' && given !== (spec.withinGroup === 'must')) {
    throw given
      ? faults.syntax(site.at, 'WITHIN')
      : faults.invalidArgument(`Function ${site.name} requires WITHIN GROUP (ORDER BY …)`);
  }
}
