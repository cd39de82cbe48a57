import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from './lifecycle/start-fault.ts';

/** What the command line and the environment ask of this run. Unknown switches belong to Chromium and are left alone. */
export interface LaunchOptions {
  readonly dataDir: string | null; // a second, independent installation: own profile, own single-instance lock
  readonly port: number | null; // for this run only; null = the saved one
  readonly upstreams: readonly string[]; // name=url, handed to the gateway as they are
  readonly demo: boolean;
  readonly hidden: boolean; // start into the tray, without a window: how a login starts it
  readonly tray: 'auto' | 'on' | 'off';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws UsageError naming the option when a value is not usable. */
export function readLaunchOptions(argv: readonly string[], env: Environment, cwd: string): LaunchOptions {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      'data-dir': { type: 'string' },
      port: { type: 'string' },
      upstream: { type: 'string', multiple: true },
      demo: { type: 'boolean' },
      hidden: { type: 'boolean' },
    },
  });
  const dataDir = text(values['data-dir']) ?? env['AISM_DATA_DIR'] ?? null;
  return {
    dataDir: dataDir === null || dataDir === '' ? null : resolve(cwd, dataDir),
    port: portFrom(text(values.port) ?? env['AISM_PORT']),
    upstreams: (values.upstream ?? []).filter((value) => typeof value === 'string'),
    demo: values.demo === true,
    hidden: values['hidden'] === true,
    tray: trayFrom(env['AISM_TRAY']),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function portFrom(given: string | undefined): number | null {
  if (given === undefined || given === '') return null;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`The port must be a whole number from 0 to 65535, not '${given}'.`);
}

function trayFrom(given: string | undefined): LaunchOptions['tray'] {
  if (given === undefined || given === '' || given === 'auto') return 'auto';
  if (given === 'on' || given === 'off') return given;
  throw new UsageError(`AISM_TRAY must be auto, on or off, not '${given}'.`);
}
