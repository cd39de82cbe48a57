/**
 * The one DuckDB behind the account: in memory, or in a file that outlives the server. `commits` counts transactions that changed something,
 * so that an open one knows when its snapshot is old.
 */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

export class Store {
  readonly #instance: DuckDBInstance;
  /** For inspection and the object store; statements of sessions have connections of their own. */
  readonly own: DuckDBConnection;
  commits = 0;

  private constructor(instance: DuckDBInstance, own: DuckDBConnection) {
    this.#instance = instance;
    this.own = own;
  }

  static async open(file: string | null): Promise<Store> {
    const instance = await DuckDBInstance.create(file ?? ':memory:', {
      threads: '2',
      memory_limit: '1GB',
      autoload_known_extensions: 'false',
      autoinstall_known_extensions: 'false',
      enable_external_access: 'false',
      // Row ids must keep their order while a transaction is rebased (duck-transaction.ts): no checkpoint before the end.
      checkpoint_threshold: '1TB',
    });
    return new Store(instance, await Store.#connect(instance));
  }

  static async #connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  }

  connect(): Promise<DuckDBConnection> {
    return Store.#connect(this.#instance);
  }

  close(): void {
    this.own.closeSync();
    this.#instance.closeSync();
  }
}
