/**
 * Runs a procedure's body. An error that no handler takes keeps its own code and SQLSTATE and gets the words "Uncaught exception of type
 * 'STATEMENT_ERROR' on line 3 at position 4 : " before its message, as published texts of real accounts show (for example 000709 (02000),
 * 001044 (42P13), 003001 (42501)). Lines count in the body. A transaction that the script leaves open is the server's to end.
 */
import { compileValue, compileWith, compilerOf } from './compile.ts';
import { check } from './check/expression.ts';
import { rootScope } from './check/scope.ts';
import { faults } from './faults.ts';
import type { Expr } from './read/ast.ts';
import { parseBody } from './read/script.ts';
import type { Block, Declaration, Handler, Step } from './read/script-ast.ts';
import type { Place } from './read/token.ts';
import { toSqlError } from './run-time-faults.ts';
import { asType, evaluate, unknown } from './script-values.ts';
import { SqlError, type BindValue, type ProcedureShape, type ScriptHost, type SnowflakeType } from './statement.ts';
import { bindMark, noMakeup } from './check/typed.ts';
import { duckType, varchar } from './types.ts';

interface Variable {
  readonly type: SnowflakeType | null;
  value: BindValue;
}

/** Variables of one block; inner blocks see those of the outer ones. */
class Frame {
  readonly variables = new Map<string, Variable>();
  readonly exceptions = new Map<string, Declaration & { kind: 'exception' }>();
  readonly outer: Frame | null;
  /** What a handler of this frame is about. */
  handled: Raised | null = null;

  constructor(outer: Frame | null) {
    this.outer = outer;
  }

  find<T>(pick: (frame: Frame) => T | undefined): T | undefined {
    return pick(this) ?? this.outer?.find(pick);
  }
}

/** An error with the place in the script where it came up. */
class Raised extends SqlError {
  readonly type: string;
  constructor(type: string, at: Place, { code, sqlState, message }: Pick<SqlError, 'code' | 'sqlState' | 'message'>) {
    super(
      code,
      sqlState,
      `Uncaught exception of type '${type}' on line ${at.line} at position ${at.position} : ${message}`,
    );
    this.type = type;
  }
}

interface Returned {
  readonly value: BindValue;
}

/** @throws SqlError, or what the host throws that is no error of a statement */
export async function runScript(
  procedure: ProcedureShape,
  args: readonly BindValue[],
  host: ScriptHost,
): Promise<unknown> {
  const frame = new Frame(null);
  for (const name of ['SQLROWCOUNT', 'SQLFOUND']) frame.variables.set(name, { type: null, value: null });
  for (const [index, { name, type }] of procedure.parameters.entries()) {
    frame.variables.set(name, { type, value: asType(args[index] ?? null, type) });
  }
  const returned = await new Run(host).block(parseBody(procedure.body), frame);
  return returned?.value ?? null;
}

class Run {
  readonly #host: ScriptHost;

  constructor(host: ScriptHost) {
    this.#host = host;
  }

  async block(block: Block, outer: Frame): Promise<Returned | null> {
    const frame = new Frame(outer);
    try {
      for (const declaration of block.declarations) await this.#declare(declaration, frame);
      return await this.#steps(block.steps, frame);
    } catch (error) {
      const handler = error instanceof Raised ? handlerFor(error, block.handlers) : undefined;
      if (!(error instanceof Raised) || handler === undefined) throw error;
      const handling = new Frame(frame);
      handling.handled = error;
      handling.variables.set('SQLCODE', { type: null, value: Number(error.code) });
      handling.variables.set('SQLERRM', { type: null, value: error.message });
      handling.variables.set('SQLSTATE', { type: null, value: error.sqlState });
      return this.#steps(handler.steps, handling);
    }
  }

  async #declare(declaration: Declaration, frame: Frame): Promise<void> {
    if (declaration.kind === 'exception') {
      frame.exceptions.set(declaration.name, declaration);
      return;
    }
    const { name, type, value, at } = declaration;
    const initial = value === null ? null : await this.#value(value, frame, at);
    frame.variables.set(name, { type, value: typedAt(at, initial, type) });
  }

  async #steps(steps: readonly Step[], frame: Frame): Promise<Returned | null> {
    for (const step of steps) {
      const returned = await this.#step(step, frame);
      if (returned !== null) return returned;
    }
    return null;
  }

  async #step(step: Step, frame: Frame): Promise<Returned | null> {
    switch (step.kind) {
      case 'null':
        return null;
      case 'let':
        await this.#declare(step.declaration, frame);
        return null;
      case 'assign':
        assign(frame, step.name, await this.#value(step.value, frame, step.at), step.at);
        return null;
      case 'if':
        return this.#if(step, frame);
      case 'return':
        return { value: step.value === null ? null : await this.#value(step.value, frame, step.at) };
      case 'raise':
        throw raised(step, frame);
      case 'block':
        return this.block(step.block, frame);
      case 'sql':
        await this.#sql(step, frame);
        return null;
    }
  }

  async #if(step: Step & { kind: 'if' }, frame: Frame): Promise<Returned | null> {
    for (const branch of step.branches) {
      if ((await this.#value(branch.when, frame, branch.when.at)) === true) return this.#steps(branch.steps, frame);
    }
    return this.#steps(step.otherwise, frame);
  }

  async #sql(step: Step & { kind: 'sql' }, frame: Frame): Promise<void> {
    try {
      const binds = new VariableBinds(frame);
      const statement = compileWith(step.text, this.#host.catalog(), binds);
      const { rows, rowCount } = await this.#host.execute(statement, binds.values);
      if (step.into.length > 0) fill(step.into, rows, frame, step.at);
      setCount(frame, statement.kind === 'query' ? null : rowCount);
    } catch (error) {
      throw placed('STATEMENT_ERROR', step.at, error);
    }
  }

  /** Without the server where that gives the same answer. */
  async #value(expr: Expr, frame: Frame, at: Place): Promise<BindValue> {
    const value = evaluate(expr, (name) => frame.find((one) => one.variables.get(name))?.value);
    if (value !== unknown) return value;
    try {
      const binds = new VariableBinds(frame);
      const compiler = compilerOf(this.#host.catalog(), binds);
      const alias = (name: string) => binds.typed(name, expr.at);
      const typed = check(expr, { ...rootScope(compiler), alias });
      const { rows } = await this.#host.execute(compileValue(typed, compiler), binds.values);
      return toBindValue(rows[0]?.[0]);
    } catch (error) {
      throw placed('EXPRESSION_ERROR', at, error);
    }
  }
}

const handlerFor = (error: Raised, handlers: readonly Handler[]) =>
  handlers.find(({ names }) => names.includes(error.type) || names.includes('OTHER'));

function placed(type: string, at: Place, error: unknown): unknown {
  if (error instanceof Raised) return error;
  const known = toSqlError(error);
  return known === null ? error : new Raised(type, at, known);
}

function typedAt(at: Place, value: BindValue, type: SnowflakeType | null): BindValue {
  try {
    return asType(value, type);
  } catch (error) {
    throw placed('EXPRESSION_ERROR', at, error);
  }
}

function assign(frame: Frame, name: string, value: BindValue, at: Place): void {
  const variable = frame.find((one) => one.variables.get(name));
  if (variable === undefined) throw new Raised('EXPRESSION_ERROR', at, faults.invalidIdentifier(at, name));
  variable.value = typedAt(at, value, variable.type);
}

/** No row leaves NULL; more than one is an error. */
function fill(names: readonly string[], rows: readonly (readonly unknown[])[], frame: Frame, at: Place): void {
  if (rows.length > 1) throw new SqlError('000000', 'P0000', 'A SELECT INTO statement expects exactly 1 returned row');
  for (const [index, name] of names.entries()) assign(frame, name, toBindValue(rows[0]?.[index]), at);
}

function setCount(frame: Frame, rowCount: number | null): void {
  const set = (name: string, value: BindValue) => {
    const variable = frame.find((one) => one.variables.get(name));
    if (variable !== undefined) variable.value = value;
  };
  set('SQLROWCOUNT', rowCount);
  set('SQLFOUND', rowCount === null ? null : rowCount > 0);
}

function raised(step: Step & { kind: 'raise' }, frame: Frame): Raised {
  if (step.name === null) {
    const handled = frame.find((one) => one.handled ?? undefined);
    return handled ?? new Raised('STATEMENT_ERROR', step.at, faults.syntax(step.at, 'RAISE'));
  }
  const { name } = step;
  const exception = frame.find((one) => one.exceptions.get(name));
  if (exception === undefined) return new Raised('STATEMENT_ERROR', step.at, faults.invalidIdentifier(step.at, name));
  return new Raised(name, step.at, { code: exception.code, sqlState: 'P0001', message: exception.message });
}

/** Values as the server gives them: plain, or DuckDB's own, which tell themselves as text. */
function toBindValue(value: unknown): BindValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const text = String(value);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

/** Variables as binds, numbered in the order a statement names them. */
class VariableBinds {
  readonly types = null;
  readonly values: BindValue[] = [];
  readonly #frame: Frame;
  readonly #indexes = new Map<string, number>();

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  /** Scripts have no `?`. */
  get count(): number {
    return 0;
  }

  variable(name: string): { index: number; type: SnowflakeType } | null {
    const found = this.#frame.find((one) => one.variables.get(name));
    if (found === undefined) return null;
    const index = this.#indexes.get(name) ?? this.values.push(found.value) - 1;
    this.#indexes.set(name, index);
    return { index, type: found.type ?? typeOf(found.value) };
  }

  typed(name: string, at: Place) {
    const variable = this.variable(name);
    if (variable === null) return null;
    const sql = `CAST(${bindMark(variable.index)} AS ${duckType(variable.type)})`;
    return { ...noMakeup, sql, type: variable.type, nullable: true, text: name, at };
  }
}

function typeOf(value: BindValue): SnowflakeType {
  if (typeof value === 'boolean') return { kind: 'boolean' };
  if (typeof value !== 'number') return varchar;
  return Number.isInteger(value) ? { kind: 'number', precision: 38, scale: 0 } : { kind: 'float' };
}
