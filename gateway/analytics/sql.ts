/** SQL text with its binds, so that fragments can be nested and every `?` keeps its value. Values never become text. */
import type { SqlValue } from '../warehouse/warehouse.ts';

export interface Sql {
  readonly text: string;
  readonly binds: readonly SqlValue[];
}

/** Text that is part of the program (names, whole numbers), never of a question. */
export const raw = (text: string | number): Sql => ({ text: String(text), binds: [] });

const isSql = (part: Sql | SqlValue): part is Sql => typeof part === 'object' && part !== null;

/** A statement or fragment: nested fragments are spliced, everything else is bound. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  const pieces = parts.map((part) => (isSql(part) ? part : { text: '?', binds: [part] }));
  const text = strings.map((string, index) => string + (pieces[index]?.text ?? '')).join('');
  return { text, binds: pieces.flatMap((piece) => piece.binds) };
}

export function join(parts: readonly Sql[], separator: string): Sql {
  return { text: parts.map((part) => part.text).join(separator), binds: parts.flatMap((part) => part.binds) };
}

/** `(?, ?, …)`; callers leave out empty lists. */
export function list(values: readonly SqlValue[]): Sql {
  return sql`(${join(
    values.map((value) => sql`${value}`),
    ', ',
  )})`;
}
