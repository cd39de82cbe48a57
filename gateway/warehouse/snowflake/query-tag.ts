/** QUERY_TAG: which program, for what, on which computer. JSON, as Snowflake's query history is searched with PARSE_JSON(query_tag). */
import { hostname } from 'node:os';

const maxTagLength = 2_000; // Snowflake's limit

export function queryTag(purpose: string, host: string = hostname()): string {
  return JSON.stringify({ app: 'ai-studio-monitor', purpose, host }).slice(0, maxTagLength);
}
