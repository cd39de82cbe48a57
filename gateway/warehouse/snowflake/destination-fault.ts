/** What a Snowflake fault means for delivery: wait, wait for a lock, or tell somebody what to do. */
import { DestinationFault } from '../../delivery/destination.ts';
import { SnowflakeFault, type FaultKind } from './fault.ts';

type Meaning =
  | { readonly kind: 'offline' | 'lock'; readonly maybeTheBatch?: true }
  | { readonly kind: 'attention'; readonly action: string };

const offline: Meaning = { kind: 'offline' };
const attention = (action: string): Meaning => ({ kind: 'attention', action });

export const runSetupAgain = 'Run Setup again (Settings → Snowflake): it adds what is missing and removes nothing.';
const runTest = 'Run Test (Settings → Snowflake): it names the step that fails.';

/** The action is used where the fault itself brings no better one. */
const meanings: Record<FaultKind, Meaning> = {
  network: offline,
  throttled: offline,
  session: offline,
  timeout: offline,
  cancelled: offline,
  internal: { kind: 'offline', maybeTheBatch: true },
  lock: { kind: 'lock' },
  account: attention('Correct the account identifier in Settings → Snowflake.'),
  login: attention('Enter the login again in Settings → Snowflake, or have the user unlocked.'),
  key: attention('Choose the private key again in Settings → Snowflake; an encrypted one needs its passphrase.'),
  clock: attention("Set this computer's clock: key-pair login allows about a minute."),
  role: attention('Have the role granted to the user, or choose another one in Settings → Snowflake.'),
  warehouse: attention('Choose a warehouse that exists and that the role may use.'),
  suspended: attention('Resume the warehouse, or have its AUTO_RESUME switched on or its quota raised.'),
  database: attention('Choose a database that exists and that the role may use.'),
  schema: attention('Choose a schema that exists and that the role may use.'),
  table: attention(runSetupAgain),
  procedure: attention(runSetupAgain),
  privileges: attention('Have an administrator run the grants script that Setup shows.'),
  statement: attention(runTest),
  data: attention(runTest),
  too_large: attention(runTest),
};

export function toDestinationFault(error: unknown): DestinationFault {
  if (error instanceof DestinationFault) return error;
  if (!(error instanceof SnowflakeFault)) throw error; // a defect of ours, not a fault of theirs
  const meaning = meanings[error.kind];
  const action = meaning.kind === 'attention' ? (error.fix ?? meaning.action) : null;
  const maybeTheBatch = meaning.kind !== 'attention' && meaning.maybeTheBatch === true;
  return new DestinationFault(meaning.kind, error.message, { action, maybeTheBatch, cause: error });
}

const waiting = "Try again in a minute; if it stays, check the network and Snowflake's status page.";

/** What to do about a fault that brings no advice of its own. */
export function fixFor(kind: FaultKind): string {
  const meaning = meanings[kind];
  return meaning.kind === 'attention' ? meaning.action : waiting;
}
