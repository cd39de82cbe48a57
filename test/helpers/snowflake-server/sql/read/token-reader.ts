/** A cursor over tokens with the few moves every parser here is made of. */
import { faults } from '../faults.ts';
import type { SqlError } from '../statement.ts';
import type { Query } from './ast.ts';
import { tokenize } from './lexer.ts';
import { notAnAlias, reserved } from './reserved.ts';
import type { Place, Token } from './token.ts';

export type QueryParser = (reader: TokenReader) => Query;

export class TokenReader {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  readonly #query: QueryParser;
  #index = 0;
  #binds = 0;

  /** `query` parses the query of a subexpression: expressions and queries hold each other. */
  constructor(source: string, query: QueryParser) {
    this.#source = source;
    this.#tokens = tokenize(source);
    this.#end = this.#tokens.at(-1) ?? { kind: 'end', text: '', raw: '', line: 1, position: 0, offset: 0 };
    this.#query = query;
  }

  /** Number of `?` read so far. */
  get binds(): number {
    return this.#binds;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#end;
  }

  next(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  query(): Query {
    return this.#query(this);
  }

  nextBind(): number {
    this.#binds += 1;
    return this.#binds - 1;
  }

  /** Text of the source from a place up to the last token read. */
  sourceFrom(place: Place): string {
    const last = this.#tokens[this.#index - 1] ?? this.#end;
    return this.#source.slice(place.offset, last.offset + last.raw.length);
  }

  unexpected(token: Token = this.peek()): SqlError {
    return faults.syntax(token, token.raw);
  }

  /** Text of the source between two places. */
  textBetween(from: Place, to: Place): string {
    return this.#source.slice(from.offset, to.offset);
  }

  isWord(...words: readonly string[]): boolean {
    return words.every((word, ahead) => this.peek(ahead).kind === 'word' && this.peek(ahead).text === word);
  }

  /** Takes these words where they come next, all or none. */
  takeWord(...words: readonly string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.#index += words.length;
    return true;
  }

  expectWord(...words: readonly string[]): void {
    for (const word of words) if (!this.takeWord(word)) throw this.unexpected();
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === symbol;
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#index += 1;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.unexpected();
  }

  isEnd(): boolean {
    return this.peek().kind === 'end';
  }

  /** A trailing semicolon is part of no statement. */
  expectEnd(): void {
    while (this.takeSymbol(';'));
    if (!this.isEnd()) throw this.unexpected();
  }

  isIdentifier(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'quoted' || (token.kind === 'word' && !reserved.has(token.text));
  }

  /** A name where no clause can begin, so that reserved words are names too. */
  isIdentifierOrWord(ahead = 0): boolean {
    const { kind } = this.peek(ahead);
    return kind === 'quoted' || kind === 'word';
  }

  identifierOrWord(): string {
    if (!this.isIdentifierOrWord()) throw this.unexpected();
    return this.next().text;
  }

  identifier(): string {
    if (!this.isIdentifier()) throw this.unexpected();
    return this.next().text;
  }

  /** A name after AS, or one that can only be a name. */
  alias(): string | null {
    if (this.takeWord('AS')) return this.identifier();
    const token = this.peek();
    const can = token.kind === 'quoted' || (token.kind === 'word' && !notAnAlias.has(token.text));
    return can ? this.next().text : null;
  }

  string(): string {
    const token = this.peek();
    if (token.kind !== 'string' && token.kind !== 'dollars') throw this.unexpected();
    return this.next().text;
  }

  wholeNumber(): number {
    const token = this.peek();
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.unexpected();
    return Number(this.next().text);
  }

  /** `a, b, c`: at least one. */
  list<T>(item: () => T): readonly T[] {
    const items = [item()];
    while (this.takeSymbol(',')) items.push(item());
    return items;
  }

  /** `( … )` around something. */
  inParentheses<T>(inner: () => T): T {
    this.expectSymbol('(');
    const value = inner();
    this.expectSymbol(')');
    return value;
  }
}
