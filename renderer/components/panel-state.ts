/** Which of its faces a panel shows. Data once shown is never taken away: errors and reloads sit beside it. */

export interface PanelQuery<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly isPlaceholderData: boolean; // the data shown belongs to the question asked before
  readonly isFetching: boolean;
}

export type PanelFace<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'empty' }
  | { readonly kind: 'data'; readonly data: T; readonly note: 'none' | 'reloading' | 'outdated' };

export function panelFace<T>(query: PanelQuery<T>, isEmpty: (data: T) => boolean): PanelFace<T> {
  const { data, error, isPlaceholderData, isFetching } = query;
  if (data === undefined) return error === null ? { kind: 'loading' } : { kind: 'failed', error };
  if (isEmpty(data) && !isPlaceholderData) return { kind: 'empty' };
  if (error !== null && !isFetching) return { kind: 'data', data, note: 'outdated' };
  return { kind: 'data', data, note: isPlaceholderData ? 'reloading' : 'none' };
}

const snowflakeFixes: Readonly<Record<string, string>> = {
  snowflake_denied: 'Test the connection: it names the right that is missing and who can grant it.',
  snowflake_error: 'Test the connection: it shows at which step Snowflake refuses.',
  snowflake_unavailable: 'Retry in a moment. If it stays, test the connection: it names what is away.',
  snowflake_not_configured: 'Enter the account in the Snowflake settings.',
};

/** The next step after a failure of Snowflake, whose message says the cause; null for every other failure. */
export function snowflakeFix(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? (snowflakeFixes[error.code] ?? null) : null;
}

/** What "copy details" puts on the clipboard: enough to report the fault, nothing private. */
export function errorDetails(error: Error, where: string): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected';
  const field = 'field' in error && typeof error.field === 'string' ? `\nfield: ${error.field}` : '';
  return `AI Studio Monitor\nwhere: ${where}\ncode: ${code}${field}\nmessage: ${error.message}`;
}
