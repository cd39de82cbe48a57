/** Tokens of Snowflake SQL, each with its place. Lines count from 1, positions in a line from 0, as Snowflake's messages do. */
export interface Place {
  readonly line: number;
  readonly position: number;
  readonly offset: number;
}

export type TokenKind = 'word' | 'quoted' | 'number' | 'string' | 'dollars' | 'symbol' | 'end';

export interface Token extends Place {
  readonly kind: TokenKind;
  /** What it means: words in upper case, content of quotes without them, everything else as written. */
  readonly text: string;
  readonly raw: string;
}
