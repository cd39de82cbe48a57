import { SnowflakeForm } from '../../contract/ipc.ts';
import type { SnowflakeProfile, SnowflakeSecrets } from '../../contract/snowflake.ts';

/** A form as a person fills it in; the way to log in is by password unless said otherwise. */
export function snowflakeForm(
  secrets: Partial<SnowflakeSecrets>,
  profile: Partial<SnowflakeProfile> = {},
): SnowflakeForm {
  return SnowflakeForm.parse({
    settings: {
      profile: {
        account: 'myorg-myaccount',
        user: 'AISM_WRITER',
        authenticator: 'SNOWFLAKE',
        warehouse: 'AISM_WH',
        database: 'AISM',
        schema: 'USAGE',
        ...profile,
      },
    },
    secrets,
  });
}
