-- Optional. Nothing here is needed, and Setup runs none of it.

-- 1. Clustering. Rows arrive in time order, so the table is already clustered by time as it is written. Reclustering costs credits and
--    pays only above about a terabyte, when questions over a few days scan too many partitions.
-- ALTER TABLE ANALYTICS."Api usage".api_usage_metrics CLUSTER BY (TO_DATE(started_at));

-- 2. Retention without the app: a task of your own. Deleted rows still bill Time Travel (one day unless changed) and, on a permanent table,
--    seven days of Fail-safe.
-- CREATE OR REPLACE TASK ANALYTICS."Api usage".api_usage_retention
--   WAREHOUSE = METERING_WH
--   SCHEDULE = 'USING CRON 17 3 * * * UTC'
-- AS
--   DELETE FROM ANALYTICS."Api usage".api_usage_metrics WHERE started_at < DATEADD(day, -365, SYSDATE());
-- ALTER TASK ANALYTICS."Api usage".api_usage_retention RESUME;

-- 3. A TRANSIENT table has no Fail-safe and so costs less to delete from; Snowflake cannot restore it after Time Travel has passed. A table
--    cannot be made transient later: create ANALYTICS."Api usage".api_usage_metrics as CREATE TRANSIENT TABLE with the columns of Setup before its first run.

-- 4. Cost. A warehouse of its own with AUTO_SUSPEND = 60 bills about a minute for each delivery.
-- ALTER WAREHOUSE METERING_WH SET AUTO_SUSPEND = 60 AUTO_RESUME = TRUE;
