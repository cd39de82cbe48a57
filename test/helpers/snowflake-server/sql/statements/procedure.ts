/** CREATE PROCEDURE and CALL. A body is parsed when it is created and compiled statement by statement when it runs, as in Snowflake. */
import type { Compiler } from '../check/scope.ts';
import { faults } from '../faults.ts';
import { echo, resolveName } from '../names.ts';
import { objectName } from '../read/from.ts';
import { parseBody } from '../read/script.ts';
import type { TokenReader } from '../read/token-reader.ts';
import { parseType } from '../read/type.ts';
import type { CallArgument, Compiled, ProcedureShape } from '../statement.ts';

export function createProcedure(reader: TokenReader, compiler: Compiler, orReplace: boolean): Compiled {
  const lenient = reader.takeWord('IF', 'NOT', 'EXISTS');
  const written = objectName(reader);
  const name = resolveName(written, compiler.catalog, 'CREATE');
  const parameters = reader.inParentheses(() => (reader.isSymbol(')') ? [] : reader.list(() => parameter(reader))));
  reader.takeWord('COPY', 'GRANTS');
  reader.takeWord('COPY', 'GRANTS');
  reader.expectWord('RETURNS');
  if (reader.isWord('TABLE')) throw faults.unsupported('RETURNS TABLE');
  const returns = parseType(reader);
  reader.takeWord('NOT', 'NULL');
  const comment = options(reader);
  reader.expectWord('AS');
  const body = reader.string();
  reader.expectEnd();
  if (!orReplace && !lenient && compiler.catalog.procedure(name) !== null) throw faults.exists(echo(written));
  parseBody(body);
  return {
    kind: 'create_procedure',
    procedure: { name, parameters, body, returns, comment },
    ifNotExists: lenient,
    orReplace,
  };
}

function parameter(reader: TokenReader): ProcedureShape['parameters'][number] {
  const name = reader.identifier();
  const type = parseType(reader);
  if (reader.isWord('DEFAULT')) throw faults.unsupported('DEFAULT of a procedure argument');
  return { name, type };
}

/** LANGUAGE SQL, EXECUTE AS CALLER | OWNER, COMMENT = …, in any order. Returns the comment. */
function options(reader: TokenReader): string | null {
  let comment: string | null = null;
  for (;;) {
    if (reader.takeWord('LANGUAGE')) {
      if (!reader.takeWord('SQL')) throw faults.unsupported(`LANGUAGE ${reader.peek().text}`);
    } else if (reader.takeWord('EXECUTE', 'AS')) {
      if (!reader.takeWord('CALLER')) reader.expectWord('OWNER');
    } else if (reader.takeWord('COMMENT')) {
      reader.expectSymbol('=');
      comment = reader.string();
    } else if (!reader.takeWord('STRICT') && !reader.takeWord('CALLED', 'ON', 'NULL', 'INPUT')) {
      return comment;
    }
  }
}

/** @throws SqlError 002141 for a procedure that does not exist or takes another number of arguments */
export function call(reader: TokenReader, compiler: Compiler): Compiled {
  reader.expectWord('CALL');
  const written = objectName(reader);
  const args = reader.inParentheses(() => (reader.isSymbol(')') ? [] : reader.list(() => argument(reader, compiler))));
  reader.expectEnd();
  const procedure = compiler.catalog.procedure(resolveName(written, compiler.catalog, 'CALL'));
  if (procedure === null || procedure.parameters.length !== args.length)
    throw faults.unknownUserFunction(echo(written));
  return { kind: 'call', procedure, args };
}

function argument(reader: TokenReader, compiler: Compiler): CallArgument {
  const at = reader.peek();
  if (reader.takeSymbol('?')) {
    const index = reader.nextBind();
    if (index >= compiler.binds.count) throw faults.bindNotSet(at);
    return { kind: 'bind', index };
  }
  if (reader.isSymbol(':')) return variable(reader, compiler);
  if (at.kind === 'string' || at.kind === 'dollars') return { kind: 'value', value: reader.string() };
  if (reader.takeWord('NULL')) return { kind: 'value', value: null };
  if (reader.takeWord('TRUE')) return { kind: 'value', value: true };
  if (reader.takeWord('FALSE')) return { kind: 'value', value: false };
  const sign = reader.takeSymbol('-') ? '-' : '';
  const token = reader.next();
  if (token.kind !== 'number') throw faults.unsupported('an expression as an argument of CALL');
  const text = `${sign}${token.text}`;
  return { kind: 'value', value: Number.isSafeInteger(Number(text)) ? Number(text) : text };
}

function variable(reader: TokenReader, compiler: Compiler): CallArgument {
  reader.expectSymbol(':');
  const token = reader.next();
  const found = compiler.binds.variable(token.text);
  if (found === null) throw faults.invalidIdentifier(token, token.text);
  return { kind: 'bind', index: found.index };
}
