/** The time zone of the machine this code runs on, and UTC where it has none that anybody knows. */

export interface MachineZone {
  /** An IANA name that `Intl` accepts. */
  readonly name: string;
  /** Why it is UTC, as a sentence; null where the zone is known. */
  readonly problem: string | null;
}

/**
 * Asked anew each time: the zone of a machine may change while a program runs. Without a known zone, `Date` counts local time in UTC, but `Intl` names
 * the zone `Etc/Unknown`, which it then refuses, or nothing at all (Node 24).
 * @param told the variable TZ, where there is an environment
 * @param resolved what `Intl` says: often no zone at all, whatever its types say
 */
export function machineZone(
  told?: string,
  resolved: unknown = new Intl.DateTimeFormat().resolvedOptions().timeZone,
): MachineZone {
  if (told !== undefined && utcNames.test(told)) return { name: 'UTC', problem: null };
  if (typeof resolved !== 'string' || !isZone(resolved)) return unknown(told ?? 'none');
  const isWrong = resolved === 'UTC' && told !== undefined && !isZone(told);
  return isWrong ? unknown(told) : { name: resolved, problem: null };
}

/** Of the forms that TZ may have and Intl does not know, those that mean UTC. */
const utcNames = /^:?(etc\/)?(utc|uct|gmt|zulu|universal)0?$/i;

function unknown(name: string): MachineZone {
  const problem =
    name === ''
      ? 'The time zone of this computer is unknown (TZ is empty); UTC is used.'
      : `The time zone "${name}" of this computer is unknown; UTC is used.`;
  return { name: 'UTC', problem };
}

/** Whether `Intl` accepts the name. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== undefined;
  } catch {
    return false; // `Intl` has no other way to ask
  }
}
