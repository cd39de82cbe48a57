/**
 * The time zone of this machine, and UTC where it has none that anybody knows. Node then counts local time in UTC, too, but names the zone
 * `Etc/Unknown` or nothing at all, which no formatter takes.
 */
import { isZone } from './zone.ts';

export interface MachineZone {
  readonly name: string;
  /** Why it is UTC, as a sentence; null where the zone is known. */
  readonly problem: string | null;
}

/** Asked anew each time: the zone of a machine may change while the gateway runs. */
export function machineZone(facts: MachineFacts = ownFacts()): MachineZone {
  const { resolved, told } = facts;
  if (told !== undefined && utcNames.test(told)) return { name: 'UTC', problem: null };
  if (typeof resolved !== 'string' || !isZone(resolved)) return unknown(told ?? 'none');
  const isWrong = resolved === 'UTC' && told !== undefined && !isZone(told);
  return isWrong ? unknown(told) : { name: resolved, problem: null };
}

interface MachineFacts {
  /** What Intl says: often no zone at all, whatever its types say. */
  readonly resolved: unknown;
  readonly told: string | undefined; // TZ
}

const ownFacts = (): MachineFacts => ({
  resolved: Intl.DateTimeFormat().resolvedOptions().timeZone,
  told: process.env['TZ'],
});

/** Of the forms that TZ may have and Intl does not know, those that mean UTC. */
const utcNames = /^:?(etc\/)?(utc|uct|gmt|zulu|universal)0?$/i;

function unknown(name: string): MachineZone {
  const problem =
    name === ''
      ? 'The time zone of this computer is unknown (TZ is empty); UTC is used.'
      : `The time zone "${name}" of this computer is unknown; UTC is used.`;
  return { name: 'UTC', problem };
}
