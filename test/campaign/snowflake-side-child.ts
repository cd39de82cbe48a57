/** The Snowflake side of the warehouse process without DuckDB beside it, so that its own memory can be seen. */
import { SnowflakeSide } from '../../gateway/warehouse-process/snowflake-side.ts';
import type { SnowflakeOrder } from '../../gateway/warehouse/protocol.ts';

interface Start {
  readonly dataDir: string;
  readonly order: SnowflakeOrder;
}

// What it tells (states, logs) goes to the test over the same channel as in the product.
process.once('message', (message) => {
  const { dataDir, order } = message as Start; // the one untyped door: the test on the other end is compiled against the same types
  new SnowflakeSide(dataDir).configure(1, order);
});
process.once('disconnect', () => process.exit(0));
