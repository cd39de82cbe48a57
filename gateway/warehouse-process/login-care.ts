/**
 * Snowflake locks a user for a quarter of an hour after five refused logins in a row
 * (https://docs.snowflake.com/en/user-guide/admin-user-management). A delivery that goes on trying with an old password would keep its owner
 * locked out of everything. So after a few refusals it tries once in a quarter of an hour; new settings and `Sync now` try at once.
 */
import { DestinationFault, type Destination } from '../delivery/destination.ts';
import { SnowflakeFault } from '../warehouse/snowflake/fault.ts';

const patience = 3;
const restMs = 15 * 60_000;

export function carefulWithLogins(destination: Destination): Destination {
  let refused = 0;
  const watch = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const result = await work;
      refused = 0;
      return result;
    } catch (error) {
      if (!isRefusedLogin(error)) throw error;
      refused += 1;
      throw refused < patience ? error : rested(error);
    }
  };
  return {
    name: destination.name,
    readCursor: (streamId) => watch(destination.readCursor(streamId)),
    deliver: (batch) => watch(destination.deliver(batch)),
    park: (row) => watch(destination.park(row)),
  };
}

const isRefusedLogin = (error: unknown): error is DestinationFault =>
  error instanceof DestinationFault && error.cause instanceof SnowflakeFault && error.cause.kind === 'login';

const rested = ({ kind, message, action, cause }: DestinationFault): DestinationFault =>
  new DestinationFault(kind, message, { action, cause, restMs });
