/** What only the desktop app can set: how its gateway is started, updates, start at login, diagnostics. A browser shows it read-only or not at all. */
import { z } from 'zod';
import { ExportResult } from './reports.ts';
import { upstreamName } from './upstreams.ts';
import { Provider } from './usage-record.ts';

const Instant = z.iso.datetime({ offset: true });

/** An API the gateway stands in front of, under the path prefix `/<name>`. */
export const UpstreamSetting = z.object({
  name: z.string().regex(upstreamName, 'Accepted: 1 to 32 lower-case letters, digits and inner hyphens'),
  url: z.string().max(2000),
  provider: Provider.nullable(), // null: told from the name and the host
});
export type UpstreamSetting = z.infer<typeof UpstreamSetting>;

/** How user names of calls are kept: as sent, as a keyed hash, or not at all. */
export const UserIdPolicy = z.enum(['plain', 'hashed', 'none']);
export type UserIdPolicy = z.infer<typeof UserIdPolicy>;

export const GatewaySettings = z.object({
  port: z.int('Accepted: a whole number').min(1, 'Accepted: 1 to 65535').max(65_535, 'Accepted: 1 to 65535'),
  host: z.string().trim().min(1, 'Accepted: an IP address or a host name').max(255),
  tlsCert: z.string().max(4096).nullable(), // paths of PEM files; needed beyond this machine
  tlsKey: z.string().max(4096).nullable(),
  /** Besides gemini, openai and anthropic; an entry with one of these names takes its place. */
  upstreams: z.array(UpstreamSetting).max(50),
  streamUsage: z.boolean(), // ask OpenAI for the usage of a stream and remove the extra chunk again
  drainMs: z.int().min(0).max(60_000), // read on after a client left, to learn the usage; 0 = not
  userIds: UserIdPolicy,
});
export type GatewaySettings = z.infer<typeof GatewaySettings>;

export const GatewaySettingsState = z.object({
  settings: GatewaySettings,
  /** Why they cannot be changed here, in plain words; null when they can. */
  locked: z.string().nullable(),
  /** What the command line sets instead for this run, one sentence each. */
  thisRun: z.array(z.string()),
});
export type GatewaySettingsState = z.infer<typeof GatewaySettingsState>;

export const UpstreamTest = z.object({
  ok: z.boolean(), // an HTTP answer came, of any status: the address is right
  message: z.string(), // plain words
  statusCode: z.int().nullable(),
  durationMs: z.number().nullable(),
});
export type UpstreamTest = z.infer<typeof UpstreamTest>;

export const UpdateState = z.object({
  mode: z.enum(['off', 'check']), // off: no request is ever made
  /** Why this build cannot update itself; null when it can. */
  unsupported: z.string().nullable(),
  phase: z.enum(['idle', 'checking', 'none', 'available', 'downloading', 'ready', 'failed']),
  version: z.string().nullable(), // the one offered
  percent: z.number().nullable(), // while downloading
  detail: z.string(), // plain words
  checkedAt: Instant.nullable(),
});
export type UpdateState = z.infer<typeof UpdateState>;

export const LoginItem = z.object({
  enabled: z.boolean(),
  /** Why it cannot be set here; null when it can. */
  unsupported: z.string().nullable(),
});
export type LoginItem = z.infer<typeof LoginItem>;

/** Exactly the text that would be saved: the user reads it first. Holds no secret, no user name, no content. */
export const Diagnostics = z.object({ fileName: z.string(), text: z.string() });
export type Diagnostics = z.infer<typeof Diagnostics>;

/** An error of the page for the log of the app. It holds code locations, never what a call carried. */
export const PageError = z.object({
  source: z.enum(['render', 'window', 'promise', 'start']),
  message: z.string().max(1000),
  stack: z.string().max(8000),
});
export type PageError = z.infer<typeof PageError>;

export const appSettingAsks = {
  gatewaySettings: { input: z.void(), output: GatewaySettingsState },
  /** Restarts the gateway where that is needed, and goes back to the old ones when it does not start with these. */
  saveGatewaySettings: { input: GatewaySettings, output: GatewaySettingsState },
  /** A port nobody listens on, near the wanted one; null when there is none. */
  freePort: { input: GatewaySettings.pick({ port: true }), output: z.int().nullable() },
  /** Opens the dashboard of the gateway in the user's browser, logged in by a one-time link. */
  openDashboard: { input: z.void(), output: z.void() },
  /** Shows the data directory in the file manager. */
  openDataFolder: { input: z.void(), output: z.void() },
  /** What this start had to do without, one sentence each: a damaged settings file that was set aside. */
  startNotes: { input: z.void(), output: z.array(z.string()) },
  reportPageError: { input: PageError, output: z.void() },
  testUpstream: { input: z.object({ url: z.string().max(2000) }), output: UpstreamTest },
  updateState: { input: z.void(), output: UpdateState },
  saveUpdateMode: { input: UpdateState.pick({ mode: true }), output: UpdateState },
  checkForUpdate: { input: z.void(), output: UpdateState },
  /** Downloads what was found; when it is there, restarts into it. */
  installUpdate: { input: z.void(), output: UpdateState },
  loginItem: { input: z.void(), output: LoginItem },
  saveLoginItem: { input: z.object({ enabled: z.boolean() }), output: LoginItem },
  diagnostics: { input: z.void(), output: Diagnostics },
  /** Saves the text that was previewed. */
  saveDiagnostics: { input: Diagnostics, output: ExportResult },
} as const;
