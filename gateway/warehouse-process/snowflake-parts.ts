/** Everything of the Snowflake folder that this process uses, behind one import: loaded when Snowflake is configured, never before. */
export { auditStreams } from '../warehouse/snowflake/audit.ts';
export { createSnowflakeDestination } from '../warehouse/snowflake/destination.ts';
export { readFleet } from '../warehouse/snowflake/fleet.ts';
export { openSession } from '../warehouse/snowflake/open-session.ts';
export { openPriceWriter } from '../warehouse/snowflake/price-writer.ts';
export { applyRetention, previewRetention } from '../warehouse/snowflake/retention.ts';
export { runSetup } from '../warehouse/snowflake/setup.ts';
export { openSnowflakeWarehouse } from '../warehouse/snowflake/snowflake-warehouse.ts';
export { testConnection } from '../warehouse/snowflake/steps.ts';
