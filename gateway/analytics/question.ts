import type { z } from 'zod';
import type { QuestionAnswer, QuestionName, QuestionQuery } from '../../contract/analytics.ts';
import type { SqlRow, Warehouse } from '../warehouse/warehouse.ts';
import type { Sql } from './sql.ts';

export interface AskContext {
  readonly now: Date;
  readonly signal?: AbortSignal | undefined;
  readonly question: QuestionName;
}

/** One question: its query schema and how a warehouse answers it, in the SQL that DuckDB and Snowflake share (warehouse/dialect.ts). */
export interface Question<K extends QuestionName> {
  readonly query: z.ZodType<QuestionQuery<K>>;
  answer(warehouse: Warehouse, query: QuestionQuery<K>, context: AskContext): Promise<QuestionAnswer<K>>;
}

export function ask(warehouse: Warehouse, statement: Sql, context: AskContext): Promise<readonly SqlRow[]> {
  return warehouse.query(statement.text, statement.binds, context.signal, context.question);
}
