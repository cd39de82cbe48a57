/** A profile and its secrets for tests, pointed at a server of the test's own. */
import type { SnowflakeProfile, SnowflakeSecrets } from '../../../../contract/snowflake.ts';
import type { SnowflakeAccess } from '../../../../gateway/warehouse/snowflake/session.ts';

const noSecrets: SnowflakeSecrets = {
  privateKey: null,
  privateKeyPassphrase: null,
  token: null,
  password: null,
  oauthClientSecret: null,
};

export function accessTo(
  accessUrl: string,
  profile: Partial<SnowflakeProfile> = {},
  secrets: Partial<SnowflakeSecrets> = {},
): SnowflakeAccess {
  return {
    profile: {
      account: 'local',
      user: 'METERING',
      authenticator: 'SNOWFLAKE',
      warehouse: 'METERING_WH',
      database: 'ANALYTICS',
      schema: 'PUBLIC',
      role: null,
      oauth: null,
      disableOcspChecks: false,
      ...profile,
      accessUrl,
    },
    secrets: () => ({ ...noSecrets, ...secrets }),
  };
}
