/**
 * The refusals this stand-in knows, each with Snowflake's code, SQLSTATE and words. Taken from Snowflake's documentation and from error texts
 * that users of real accounts published. Words are Snowflake's; where the code could not be found in such a text the line says `code unseen`.
 */
import type { Place } from './read/token.ts';
import { SqlError } from './statement.ts';

const plain = (code: string, state: string, words: string) =>
  new SqlError(code, state, `SQL compilation error:\n${words}`);

const placed = (code: string, state: string, at: Place, words: string) =>
  new SqlError(code, state, `SQL compilation error: error line ${at.line} at position ${at.position}\n${words}`);

export const faults = {
  syntax: (at: Place, unexpected: string) =>
    plain('001003', '42000', `syntax error line ${at.line} at position ${at.position} unexpected '${unexpected}'.`),
  unterminated: (at: Place) =>
    plain('001003', '42000', `parse error line ${at.line} at position ${at.position} near '<EOF>'.`),
  unsupported: (what: string) => plain('000002', '0A000', `Unsupported feature '${what}'.`),

  noObject: (name: string) => plain('002003', '42S02', `Object '${name}' does not exist or not authorized.`),
  noTable: (name: string) => plain('002003', '42S02', `Table '${name}' does not exist or not authorized.`),
  noProcedure: (name: string) => plain('002003', '42S02', `Procedure '${name}' does not exist or not authorized.`),
  noSchema: (name: string) => plain('002003', '02000', `Schema '${name}' does not exist or not authorized.`),
  noDatabase: (name: string) => plain('002003', '02000', `Database '${name}' does not exist or not authorized.`),
  noCurrentDatabase: (verb: string) =>
    new SqlError(
      '090105',
      '22000',
      `Cannot perform ${verb}. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.`,
    ),
  noCurrentSchema: (verb: string) =>
    new SqlError(
      '090106',
      '22000',
      `Cannot perform ${verb}. This session does not have a current schema. Call 'USE SCHEMA', or use a qualified name.`,
    ),
  exists: (name: string) => plain('002002', '42710', `Object '${name}' already exists.`),
  columnExists: (name: string) => plain('002025', '42S21', `duplicate column name '${name}'`),

  invalidIdentifier: (at: Place, name: string) => placed('000904', '42000', at, `invalid identifier '${name}'`),
  ambiguous: (at: Place, name: string) => placed('002028', '42601', at, `ambiguous column name '${name}'`),
  duplicateAlias: (name: string) => plain('002027', '42601', `duplicate alias '${name}'`),

  unknownFunction: (name: string) => plain('002140', '42601', `Unknown function ${name}`),
  unknownUserFunction: (name: string) => plain('002141', '42601', `Unknown user-defined function ${name}`),
  argumentTypes: (at: Place, name: string, types: string) =>
    placed('001044', '42P13', at, `Invalid argument types for function '${name}': (${types})`),
  tooFewArguments: (at: Place, call: string, expected: number, got: number) =>
    placed('000938', '22023', at, `not enough arguments for function [${call}], expected ${expected}, got ${got}`),
  tooManyArguments: (at: Place, call: string, expected: number, got: number) =>
    placed('000939', '22023', at, `too many arguments for function [${call}] expected ${expected}, got ${got}`),
  invalidArgument: (words: string) => plain('001015', '22023', words), // code unseen
  wrongCast: (at: Place, expression: string, target: string) =>
    placed('001007', '22023', at, `invalid type [${expression}] for parameter '${target}'`),
  wrongParameter: (value: string, from: string, to: string) =>
    plain('001038', '22023', `Can not convert parameter '${value}' of type [${from}] into expected type [${to}]`),
  wrongPredicate: (type: string, expression: string) =>
    plain('001016', '22000', `Invalid data type [${type}] for predicate [${expression}]`), // code unseen
  wrongColumnType: (expected: string, got: string, column: string) =>
    plain(
      '002023',
      '22000',
      `Expression type does not match column data type, expecting ${expected} but got ${got} for column ${column}`,
    ),
  bindNotSet: (at: Place) => placed('002049', '42601', at, 'Bind variable ? not set.'),
  tooManyBinds: (used: number, given: number) =>
    plain('002050', '42601', `${given} bind variables given, ${used} used.`), // Snowflake may ignore the rest; here it is a mistake
  expressionInValues: (expression: string) =>
    plain('002014', '22000', `Invalid expression [${expression}] in VALUES clause`),

  notGrouped: (expression: string) => plain('000979', '42601', `[${expression}] is not a valid group by expression`),
  aggregateIn: (clause: string, expression: string) =>
    plain('002035', '42601', `Invalid aggregate function in ${clause} clause [${expression}]`), // code unseen
  nestedAggregate: (inner: string, outer: string) =>
    plain('000981', '42601', `Aggregate functions cannot be nested: [${inner}] nested in [${outer}]`), // code unseen
  windowOutside: (expression: string) =>
    plain(
      '002303',
      '42601',
      `Window function [${expression}] appears outside of SELECT, QUALIFY, and ORDER BY clauses.`,
    ), // code unseen
  windowMissing: (name: string) => plain('002300', '42601', `Window function [${name}] requires an OVER clause.`), // code unseen
  qualifyWithoutWindow: () => plain('002302', '42601', 'found QUALIFY clause but no window function.'), // code unseen
  positionOutOfRange: (position: number) =>
    plain('000979', '42601', `[${position}] is not a valid group by expression`),
  orderOutOfRange: (position: number) => plain('000980', '42601', `[${position}] is not a valid order by expression`), // code unseen
  setWidths: () => plain('001789', '42601', 'invalid number of result columns for set operator input branches'), // code unseen
  subqueryWidth: () => plain('002078', '42601', 'Invalid subquery with multi-column SELECT clause.'), // code unseen
  valueCount: (expected: number, got: number) =>
    plain('002020', '21S01', `Insert value list does not match column list expecting ${expected} but got ${got}`),
} as const;
