/** What the driver must not do to the process and the computer it runs on, seen from outside: a real process with directories of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Findings } from './driver-isolation-child.ts';
import { StandIn } from './stand-in-kit.ts';

const child = join(import.meta.dirname, 'driver-isolation-child.ts');
const place = mkdtempSync(join(tmpdir(), 'aism-isolation-'));
const directories = { HOME: join(place, 'home'), TMPDIR: join(place, 'tmp'), cwd: join(place, 'cwd') };

let standIn: StandIn;
let findings: Findings;
let output: { readonly stdout: string; readonly stderr: string };
let telemetry = 0;

beforeAll(async () => {
  for (const path of Object.values(directories)) mkdirSync(path);
  // What a user of other Snowflake tools may have: the driver would log every request, as it says.
  const logging = { common: { log_level: 'TRACE', log_path: directories.HOME } };
  writeFileSync(join(directories.HOME, 'sf_client_config.json'), JSON.stringify(logging), { mode: 0o600 });
  standIn = await StandIn.start();
  standIn.server.setFaults(({ kind }) => {
    if (kind === 'telemetry') telemetry += 1;
    return null;
  });
  output = await runChild();
  findings = JSON.parse(output.stdout);
});
afterAll(async () => {
  await standIn.stop();
  rmSync(place, { recursive: true, force: true });
});

async function runChild() {
  const { profile, secrets } = standIn.access();
  const running = spawn(process.execPath, [child], {
    cwd: directories.cwd,
    env: { PATH: process.env['PATH'], HOME: directories.HOME, TMPDIR: directories.TMPDIR },
  });
  running.stdin.end(JSON.stringify({ profile, secrets: secrets() }));
  const [stdout, stderr] = await Promise.all([text(running.stdout), text(running.stderr)]);
  return { stdout, stderr };
}

describe('the driver', () => {
  it('is not loaded before the first session', () => {
    expect(findings.loadedBefore).toBe(false);
  });

  it('connects to Snowflake and to nobody else', () => {
    expect(findings.addresses).toEqual(['127.0.0.1']);
  });

  it('sends no telemetry', () => {
    expect(telemetry).toBe(0);
  });

  it('loads no native module', () => {
    expect(findings.nativeModules).toEqual([]);
  });

  it('writes no file: not at home, not where it runs, nothing temporary', () => {
    expect(readdirSync(directories.HOME)).toEqual(['sf_client_config.json']);
    expect(readdirSync(directories.TMPDIR)).toEqual([]);
    expect(readdirSync(directories.cwd)).toEqual([]);
  });

  it('prints nothing, and leaves the environment as it was', () => {
    expect(output.stderr).toBe('');
    expect(findings.home).toBe(directories.HOME);
  });

  it('names the product and tells nothing of cloud or native parts', () => {
    const environment: unknown = standIn.server.logins().at(-1)?.clientEnvironment;
    expect(environment).toMatchObject({ APPLICATION: 'AIStudioMonitor', PLATFORM: ['disabled'], CORE_VERSION: null });
  });
});
