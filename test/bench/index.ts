/**
 * `npm run bench`: every figure of DESIGN §11 that can be measured on one machine, as a ratio against a baseline of the same run.
 * `npm run bench -- --quick` halves the time; `--only proxy|latency|stream|tap|pricing|live|dashboard|app|window|launches` runs one part.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchApp } from './app.ts';
import { benchDashboard } from './dashboard.ts';
import { benchLatency } from './latency.ts';
import { benchLaunches } from './launches.ts';
import { benchLive } from './live.ts';
import { describeMachine } from './machine.ts';
import { benchPricing } from './pricing.ts';
import { benchProxy } from './proxy.ts';
import { benchStream } from './stream.ts';
import { benchTap } from './tap.ts';
import { benchWindow } from './window.ts';

export interface BenchContext {
  readonly scratchDir: string;
  readonly quick: boolean;
  print(text: string): void;
}

const parts = {
  proxy: benchProxy,
  latency: benchLatency,
  stream: benchStream,
  tap: benchTap,
  pricing: benchPricing,
  live: benchLive,
  dashboard: benchDashboard,
  app: benchApp,
  window: benchWindow,
  launches: benchLaunches,
} as const;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
if (values.only !== undefined && !(values.only in parts)) {
  console.error(`--only is "${values.only}". Accepted: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
const scratchDir = await mkdtemp(join(tmpdir(), 'aism-bench-'));
try {
  console.log(`Machine: ${describeMachine()}. Shared with other work: read the ratios, not the absolutes.`);
  for (const [name, part] of Object.entries(parts)) {
    if (values.only === undefined || values.only === name)
      await part({ scratchDir, quick: values.quick, print: (text) => console.log(text) });
  }
} finally {
  await rm(scratchDir, { recursive: true, force: true });
}
