/** The time zone of the machine this code runs on. */

export interface MachineZone {
  /** An IANA name that `Intl` accepts. */
  readonly name: string;
  /** False where the machine names no zone that is known; times are then in UTC. */
  readonly known: boolean;
}

/** With `TZ=` or an unknown name, `Intl` reports `Etc/Unknown`, which it refuses as an option, or no zone at all (Node 24). */
export function machineZone(): MachineZone {
  const name: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isZone(name) ? { name, known: true } : { name: 'UTC', known: false };
}

function isZone(name: string | undefined): name is string {
  if (name === undefined) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== undefined;
  } catch {
    return false; // `Intl` has no other way to ask
  }
}
