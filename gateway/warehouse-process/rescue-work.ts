/** The side of a rescue that touches the suspect file (warehouse/rescue.ts): it may be ended by what it reads, and nothing else with it. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { duckDbFault } from '../warehouse/duckdb-errors.ts';
import { openAt } from '../warehouse/duckdb-file.ts';
import { rowsPerStep, type RescueNews, type RescueTask, type Verdict } from '../warehouse/rescue.ts';
import { factTable, localTables } from '../warehouse/table.ts';

/** Does one task and ends the process. */
export async function rescue([task, from = '', to = '', firstRow = '0']: readonly string[]): Promise<never> {
  process.once('disconnect', () => process.exit(1)); // nobody waits for the result any more
  try {
    await tasks[task as RescueTask](from, to, Number(firstRow));
    await tell({ kind: 'done' });
    process.exit(0);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    await tell({ kind: 'failed', verdict: verdictOf(error), detail });
    process.exit(1);
  }
}

function verdictOf(error: unknown): Verdict {
  const fault = duckDbFault(error);
  return fault === 'corrupt' || fault === 'invalidated' ? 'damaged' : 'unknown';
}

const tasks: Readonly<Record<RescueTask, (from: string, to: string, firstRow: number) => Promise<void>>> = {
  async verify(path) {
    const instance = await DuckDBInstance.create(path, {
      access_mode: 'READ_ONLY',
      threads: '2',
      memory_limit: '768MB',
    });
    const connection = await instance.connect();
    await tell({ kind: 'opened' });
    // A hash of every value: a count would be answered from statistics.
    for (const table of await tablesOf(connection, 'main'))
      await connection.run(`SELECT bit_xor(hash(COLUMNS(*))) FROM ${table}`);
    instance.closeSync();
  },

  async copy(from, to) {
    await copying(from, to, async (connection) => {
      await connection.run('BEGIN TRANSACTION');
      for (const table of await tablesOf(connection, 'old'))
        await connection.run(`INSERT INTO ${table} BY NAME SELECT * FROM old.${table}`);
      await connection.run('COMMIT');
    });
  },

  async 'copy-rows'(from, to, firstRow) {
    await copying(from, to, async (connection) => {
      const [row] = await (await connection.run(`SELECT max(rowid) FROM old.${factTable}`)).getRows();
      const last = Number(row?.[0] ?? -1);
      for (let next = firstRow; next <= last; next += rowsPerStep) {
        await connection.run(
          `INSERT INTO ${factTable} BY NAME SELECT * FROM old.${factTable} WHERE rowid BETWEEN ${next} AND ${next + rowsPerStep - 1}`,
        );
        await tell({ kind: 'copied', nextRow: next + rowsPerStep });
      }
    });
  },
};

async function copying(from: string, to: string, work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
  const { instance, connection } = await openAt(to, { enable_external_access: 'true' });
  await connection.run(`ATTACH '${from.replaceAll("'", "''")}' AS old (READ_ONLY)`);
  await tell({ kind: 'opened' });
  await work(connection);
  await connection.run('CHECKPOINT'); // the file is renamed: no log may have to go with it
  instance.closeSync();
}

/** Those that the file has; an older version made fewer. */
async function tablesOf(connection: DuckDBConnection, database: string): Promise<readonly string[]> {
  const where = database === 'main' ? "database_name NOT IN ('system', 'temp')" : `database_name = '${database}'`;
  const result = await connection.run(`SELECT table_name FROM duckdb_tables() WHERE ${where}`);
  const found = new Set((await result.getRows()).map(([name]) => name));
  if (!found.has(factTable)) throw new Error(`Catalog Error: Table with name ${factTable} does not exist`);
  return localTables.filter((name) => found.has(name));
}

function tell(news: RescueNews): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(news, undefined, undefined, () => resolve());
    else process.exit(1);
  });
}
