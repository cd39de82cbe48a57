/** What every statement works with, and where one statement runs. */
import type { Account } from './account.ts';
import type { Objects } from './objects.ts';
import type { Parameters } from './parameters.ts';
import type { Sight } from './session-catalog.ts';
import type { Scope, Session, Sessions } from './sessions.ts';
import type { Store } from './store.ts';
import type { Transactions } from './transactions.ts';

export interface Engine {
  readonly account: Account;
  readonly store: Store;
  readonly objects: Objects;
  readonly sight: Sight;
  readonly sessions: Sessions;
  readonly transactions: Transactions;
  /** DDL statements one after another. */
  readonly definitions: Turns;
  /** See `ServerSettings`. */
  readonly looksAgain: () => boolean;
}

export interface Running {
  readonly session: Session;
  readonly scope: Scope;
  /** The session's, with those sent with the statement on top. */
  readonly parameters: Parameters;
  readonly queryId: string;
  /** The statement as it was sent; inside a procedure that of the CALL. */
  readonly sqlText: string;
  /** Aborted with the SqlError to fail with. */
  readonly signal: AbortSignal;
}

export class Turns {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return done;
  }
}
