/** What a command needs of the process, as arguments: commands run in tests as they run in a terminal. */
import type { GatewayEntries } from '../gateway.ts';

export interface CliContext {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly version: string;
  /** Files that run as threads and processes of their own. */
  readonly entries: GatewayEntries;
  /** The built dashboard, when there is one. */
  readonly uiDir: string | null;
  print(line: string): void;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** @returns the exit code */
  run(context: CliContext): Promise<number>;
}
