/** The process that delivers, and that the campaign kills: journal reader, delivery, Snowflake destination, as in the warehouse process. */
import type { SnowflakeProfile, SnowflakeSecrets } from '../../../contract/snowflake.ts';
import { createBackOff } from '../../../gateway/delivery/back-off.ts';
import { createDelivery } from '../../../gateway/delivery/delivery.ts';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { createSnowflakeDestination } from '../../../gateway/warehouse/snowflake/destination.ts';
import { openSession } from '../../../gateway/warehouse/snowflake/open-session.ts';
import { unguardedLoader } from '../../helpers/snowflake-unguarded-loader.ts';
import { loaderWithoutLook } from '../../helpers/snowflake-without-look.ts';

export interface DelivererStart {
  readonly dataDir: string;
  readonly profile: SnowflakeProfile;
  readonly secrets: SnowflakeSecrets;
  readonly guard: Guard;
}

/** What keeps rows from doubling: all of it, all but the look for rows that are there, or nothing (both only to prove that it is needed). */
export type Guard = 'whole' | 'withoutLook' | 'none';
const loaders = {
  whole: {},
  withoutLook: { withoutProcedure: loaderWithoutLook },
  none: { withoutProcedure: unguardedLoader },
};

/** Long enough for a busy machine, short enough that a lost answer costs a campaign of seconds little. */
const timing = { statementTimeoutMs: 2_500, loginTimeoutMs: 2_500, lockTimeoutSeconds: 2 } as const;
const silent = { info: () => undefined, warn: () => undefined };

function deliver({ dataDir, profile, secrets, guard }: DelivererStart): void {
  const destination = createSnowflakeDestination({
    open: openSession,
    access: { profile, secrets: () => secrets },
    log: silent,
    onProtocol: () => process.send?.('connected'),
    ...timing,
    ...loaders[guard],
  });
  createDelivery({
    source: openJournalReader(dataDir),
    destination,
    log: silent,
    onState: () => undefined,
    limits: { maxRows: 40, maxBytes: 1024 * 1024 },
    backOff: createBackOff(20, 300),
    coalesceMs: 20,
    pollMs: 40,
  });
}

process.once('message', (start) => deliver(start as DelivererStart)); // the one untyped door; both ends are one build
process.once('disconnect', () => process.exit(0));
