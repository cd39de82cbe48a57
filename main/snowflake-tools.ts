/** All of main that reaches into the gateway's Snowflake folder. Imported at the first use only: the driver behind it takes half a second. */
import { answer } from '../gateway/analytics/answer.ts';
import { toAppError } from '../gateway/warehouse/snowflake/fault-answer.ts';
import { openSession } from '../gateway/warehouse/snowflake/open-session.ts';
import type { SnowflakeAccess } from '../gateway/warehouse/snowflake/session.ts';
import { runSetup } from '../gateway/warehouse/snowflake/setup.ts';
import { openSnowflakeWarehouse } from '../gateway/warehouse/snowflake/snowflake-warehouse.ts';
import { testConnection } from '../gateway/warehouse/snowflake/steps.ts';
import type { SnowflakeAccount } from './snowflake-form.ts';
import type { SnowflakeTools } from './snowflake-handlers.ts';

export const snowflakeTools: SnowflakeTools = {
  async openPool(account) {
    const warehouse = openSnowflakeWarehouse(accessOf(account));
    return {
      answer: (name, query, signal) => answer(warehouse, name, query, { signal }),
      close: () => warehouse.close(),
    };
  },
  test: (account, onSteps, signal) => testConnection(openSession, accessOf(account), { onSteps, signal }),
  async setUp(account, dryRun, signal) {
    try {
      return await runSetup(openSession, accessOf(account), { dryRun, signal });
    } catch (error) {
      throw toAppError(error);
    }
  },
};

const accessOf = ({ settings, secrets }: SnowflakeAccount): SnowflakeAccess => ({
  profile: settings.profile,
  secrets: () => secrets,
});
