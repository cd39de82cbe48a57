/** What the parts of main need of a log; electron-log in the app, a list in tests. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
