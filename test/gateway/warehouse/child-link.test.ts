import { expect, it } from 'vitest';
import { withoutSecrets } from '../../../gateway/warehouse/child-link.ts';

it('gives a child every variable but those of Snowflake, in whatever case they are written', () => {
  const env = {
    PATH: '/bin',
    SNOWFLAKE_PASSWORD: 'p',
    Snowflake_Token: 't',
    AISM_DATA_DIR: '/d',
    MY_SNOWFLAKE_NOTE: 'n',
  };
  expect(withoutSecrets(env)).toEqual({ PATH: '/bin', AISM_DATA_DIR: '/d', MY_SNOWFLAKE_NOTE: 'n' });
});
