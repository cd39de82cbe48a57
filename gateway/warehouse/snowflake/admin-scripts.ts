/** Scripts for an administrator: shown, copied and read, never executed by us. */
import type { SnowflakeProfile } from '../../../contract/snowflake.ts';
import { loadArguments } from './load-procedure.ts';
import { objectNames, schemaOf } from './object-names.ts';
import { reportingViews } from './reporting-views.ts';

const defaultRole = 'AI_STUDIO_MONITOR';
const defaultRetentionDays = 365;

/** What a gateway needs to deliver, read back and keep its retention, and nothing more. */
export function grantsScript(profile: SnowflakeProfile): string {
  const { facts, offsets, parked, priceChanges, procedure } = objectNames(profile);
  const role = profile.role ?? defaultRole;
  const views = reportingViews(profile).map(
    (view) => `GRANT SELECT ON VIEW ${schemaOf(profile)}.${view.name} TO ROLE ${role};`,
  );
  return [
    '-- Least privilege for delivery and the dashboard. Run after Setup, as the owner of the objects or an administrator.',
    `GRANT USAGE ON WAREHOUSE ${profile.warehouse} TO ROLE ${role};`,
    `GRANT USAGE ON DATABASE ${profile.database} TO ROLE ${role};`,
    `GRANT USAGE ON SCHEMA ${schemaOf(profile)} TO ROLE ${role};`,
    `GRANT SELECT, INSERT ON TABLE ${facts} TO ROLE ${role};`,
    `GRANT SELECT, INSERT, UPDATE ON TABLE ${offsets} TO ROLE ${role};`,
    `GRANT SELECT, INSERT ON TABLE ${parked} TO ROLE ${role};`,
    `GRANT USAGE ON PROCEDURE ${procedure}(${loadArguments}) TO ROLE ${role};`,
    ...views,
    '-- Only where the app itself removes old calls (Settings → Retention):',
    `GRANT DELETE ON TABLE ${facts} TO ROLE ${role};`,
    '-- Only where calls are re-priced after a change of prices:',
    `GRANT UPDATE ON TABLE ${facts} TO ROLE ${role};`,
    `GRANT SELECT, INSERT ON TABLE ${priceChanges} TO ROLE ${role};`,
    '-- Only where Setup is to be run with this role:',
    `GRANT CREATE TABLE, CREATE VIEW, CREATE PROCEDURE ON SCHEMA ${schemaOf(profile)} TO ROLE ${role};`,
    '',
  ].join('\n');
}

export function optionalScript(profile: SnowflakeProfile): string {
  const { facts } = objectNames(profile);
  return `-- Optional. Nothing here is needed, and Setup runs none of it.

-- 1. Clustering. Rows arrive in time order, so the table is already clustered by time as it is written. Reclustering costs credits and
--    pays only above about a terabyte, when questions over a few days scan too many partitions.
-- ALTER TABLE ${facts} CLUSTER BY (TO_DATE(started_at));

-- 2. Retention without the app: a task of your own. Deleted rows still bill Time Travel (one day unless changed) and, on a permanent table,
--    seven days of Fail-safe.
-- CREATE OR REPLACE TASK ${schemaOf(profile)}.api_usage_retention
--   WAREHOUSE = ${profile.warehouse}
--   SCHEDULE = 'USING CRON 17 3 * * * UTC'
-- AS
--   DELETE FROM ${facts} WHERE started_at < DATEADD(day, -${defaultRetentionDays}, SYSDATE());
-- ALTER TASK ${schemaOf(profile)}.api_usage_retention RESUME;

-- 3. A TRANSIENT table has no Fail-safe and so costs less to delete from; Snowflake cannot restore it after Time Travel has passed. A table
--    cannot be made transient later: create ${facts} as CREATE TRANSIENT TABLE with the columns of Setup before its first run.

-- 4. Cost. A warehouse of its own with AUTO_SUSPEND = 60 bills about a minute for each delivery.
-- ALTER WAREHOUSE ${profile.warehouse} SET AUTO_SUSPEND = 60 AUTO_RESUME = TRUE;
`;
}
