import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { machineZone } from '../../contract/machine-zone.ts';

/** What a process of its own, started with this TZ, says: the zone is read at its start. */
function zoneUnder(tz: string): { name: string; problem: string | null; offset: number } {
  const module = new URL('../../contract/machine-zone.ts', import.meta.url).href;
  const script = `import(${JSON.stringify(module)}).then(({ machineZone }) => console.log(JSON.stringify({ ...machineZone(process.env.TZ), offset: new Date(0).getTimezoneOffset() })))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { env: { TZ: tz }, encoding: 'utf8' }));
}

const empty = 'The time zone of this computer is unknown (TZ is empty); UTC is used.';
const unknown = (tz: string) => `The time zone "${tz}" of this computer is unknown; UTC is used.`;

it.each([
  ['', 'UTC', empty],
  ['Etc/Unknown', 'UTC', unknown('Etc/Unknown')],
  ['Nowhere/Land', 'UTC', unknown('Nowhere/Land')],
  ['Factory', 'UTC', unknown('Factory')],
  ['CET-1CEST', 'UTC', unknown('CET-1CEST')],
  ['UTC', 'UTC', null],
  ['Etc/UTC', 'UTC', null],
  ['UTC0', 'UTC', null],
  ['Europe/Berlin', 'Europe/Berlin', null],
  [':Europe/Berlin', 'Europe/Berlin', null],
] as const)('with TZ="%s" it is %s', (tz, name, problem) => {
  const zone = zoneUnder(tz);
  expect({ name: zone.name, problem: zone.problem }).toEqual({ name, problem });
  expect(problem === null || zone.offset === 0).toBe(true); // what Date counts in is what is said
});

it('takes nothing at all for a name', () => {
  expect(machineZone(undefined, null)).toEqual({ name: 'UTC', problem: unknown('none') });
});
