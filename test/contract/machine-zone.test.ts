import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const file = join(import.meta.dirname, '../../contract/machine-zone.ts');

/** A process takes its zone over when it starts. */
function zoneWith(TZ: string): unknown {
  const code = `import(${JSON.stringify(file)}).then(({ machineZone }) => console.log(JSON.stringify(machineZone())))`;
  const { stdout } = spawnSync(process.execPath, ['-e', code], { env: { ...process.env, TZ }, encoding: 'utf8' });
  return JSON.parse(stdout);
}

test.each(['Europe/Berlin', 'America/St_Johns', 'Asia/Tokyo', 'UTC'])(
  'the zone %s of a machine is its zone',
  (name) => {
    expect(zoneWith(name)).toEqual({ name, known: true });
  },
);

test.each(['', 'Etc/Unknown', 'Nowhere/Land', ':'])(
  'a machine with TZ=%j has UTC and says that this is not its zone',
  (TZ) => {
    expect(zoneWith(TZ)).toEqual({ name: 'UTC', known: false });
  },
);
