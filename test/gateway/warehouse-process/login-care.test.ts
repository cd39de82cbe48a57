import { describe, expect, it } from 'vitest';
import { DestinationFault, type Destination } from '../../../gateway/delivery/destination.ts';
import { toDestinationFault } from '../../../gateway/warehouse/snowflake/destination-fault.ts';
import { SnowflakeFault } from '../../../gateway/warehouse/snowflake/fault.ts';
import { carefulWithLogins } from '../../../gateway/warehouse-process/login-care.ts';

/** A destination that fails as it is told to, or says that it holds nothing. */
function failing(): { readonly destination: Destination; fail: SnowflakeFault | null } {
  const state: { destination: Destination; fail: SnowflakeFault | null } = {
    fail: null,
    destination: {
      name: 'snowflake',
      async readCursor() {
        if (state.fail !== null) throw toDestinationFault(state.fail);
        return 0;
      },
      deliver: async () => ({ kind: 'stored' }),
      park: async () => ({ kind: 'stored' }),
    },
  };
  return state;
}

const restOf = async (destination: Destination): Promise<number | null> => {
  const fault: unknown = await destination.readCursor('i:e').catch((error: unknown) => error);
  if (!(fault instanceof DestinationFault)) throw new Error('It did not fail');
  expect(fault.action).not.toBeNull();
  return fault.restMs;
};

describe('refused logins', () => {
  it('are few enough that Snowflake does not lock the user out', async () => {
    const state = failing();
    const careful = carefulWithLogins(state.destination);
    state.fail = new SnowflakeFault('login', 'Incorrect username or password was specified.');
    expect([await restOf(careful), await restOf(careful)]).toEqual([null, null]);
    expect(await restOf(careful)).toBe(15 * 60_000);
    expect(await restOf(careful)).toBe(15 * 60_000);
    state.fail = null;
    expect(await careful.readCursor('i:e')).toBe(0);
    state.fail = new SnowflakeFault('login', 'Incorrect username or password was specified.');
    expect(await restOf(careful)).toBeNull();
  });

  it('are told apart from other things that somebody has to repair, which are tried as usual', async () => {
    const state = failing();
    const careful = carefulWithLogins(state.destination);
    state.fail = new SnowflakeFault('table', 'Object API_USAGE_METRICS does not exist');
    const rests = [await restOf(careful), await restOf(careful), await restOf(careful), await restOf(careful)];
    expect(rests).toEqual([null, null, null, null]);
  });
});
