/**
 * The bridge between the renderer and its host, in one map. `asks` go renderer → host, `tells` go host → renderer. The host is Electron
 * main in the app and a REST/WS adapter in a browser: both implement {@link Bridge}, so the same bundle runs in both.
 */
import { z } from 'zod';
import { Filter, questions, RangePreset, type QuestionName } from './analytics.ts';
import { appSettingAsks, UpdateState } from './app-settings.ts';
import type { Answer } from './errors.ts';
import {
  About,
  Connections,
  Health,
  Realtime,
  RecordingInput,
  RecordingState,
  SampleAction,
  SampleState,
  ServerFrame,
} from './gateway-api.ts';
import { ExplainInput, PriceExplanation, PriceOverrides, PricesState, RepriceInput, RepriceState } from './prices.ts';
import { ExportProgress, reportAsks } from './reports.ts';
import {
  Fleet,
  Retention,
  RetentionInput,
  RetentionPreview,
  RetentionResult,
  RetentionState,
  SetupInput,
  SnowflakeHealth,
  SnowflakeSecrets,
  SnowflakeSettings,
  SnowflakeSetup,
  SnowflakeState,
  SnowflakeStep,
  SnowflakeTest,
} from './snowflake.ts';
import { AlertsState, SnoozeInput, Thresholds, ThresholdsState } from './thresholds.ts';

export const GatewayPhase = z.enum(['starting', 'running', 'degraded', 'restarting', 'stopped', 'failed']);
export type GatewayPhase = z.infer<typeof GatewayPhase>;

/** State of the gateway and of the live connection to it, as the strip, the tray and the tiles show it. */
export const GatewayStatus = z.object({
  phase: GatewayPhase,
  detail: z.string(), // plain words, for example 'Port 8787 is taken by process 4242'
  url: z.string().nullable(),
  live: z.enum(['connected', 'connecting', 'lost']),
  liveSince: z.string().nullable(), // when the live state last changed (UTC ISO)
  retryInMs: z.number().nullable(),
  suggestedPort: z.int().nullable(), // a free port, when the configured one is taken
});
export type GatewayStatus = z.infer<typeof GatewayStatus>;

export const Theme = z.enum(['system', 'dark', 'light']);
export const Density = z.enum(['comfortable', 'compact']);
/** What a person looks for on the Requests screen, under a name of their own. */
export const SavedFilter = z.object({
  name: z.string().trim().min(1).max(60),
  search: z.string().max(200),
  filter: Filter,
});
export type SavedFilter = z.infer<typeof SavedFilter>;

/** Which notices of the desktop a person wants. */
export const Notices = z.object({ alerts: z.boolean(), gatewayDown: z.boolean(), snowflakeDown: z.boolean() });
export type Notices = z.infer<typeof Notices>;
const allNotices: Notices = { alerts: true, gatewayDown: true, snowflakeDown: true };

const uiFields = {
  theme: Theme,
  density: Density,
  utc: z.boolean(),
  onboarded: z.boolean(),
  closeToTrayExplained: z.boolean(),
  requestColumns: z.array(z.string()).nullable(), // ids of the shown columns; null = those a new user sees
  savedFilters: z.array(SavedFilter).max(50),
  notices: Notices,
};
export const UiSettings = z.object({
  theme: uiFields.theme.default('system'),
  density: uiFields.density.default('comfortable'),
  utc: uiFields.utc.default(false),
  onboarded: uiFields.onboarded.default(false),
  closeToTrayExplained: uiFields.closeToTrayExplained.default(false),
  requestColumns: uiFields.requestColumns.default(null),
  savedFilters: uiFields.savedFilters.default([]),
  notices: uiFields.notices.default(allNotices),
});
export type UiSettings = z.infer<typeof UiSettings>;
/** Made of the fields without their defaults: a default would set back everything a change does not name. */
export const UiSettingsChange = z.object(uiFields).partial();

export const HostInfo = z.object({
  kind: z.enum(['electron', 'browser']),
  version: z.string(),
  platform: z.string(),
  electron: z.string().nullable(),
});
export type HostInfo = z.infer<typeof HostInfo>;

const questionAsks = Object.fromEntries(
  Object.entries(questions).map(([name, schema]) => [name, { input: schema.query, output: schema.answer }]),
) as { [K in QuestionName]: { input: (typeof questions)[K]['query']; output: (typeof questions)[K]['answer'] } };

/** A form as the user left it. A secret that is null keeps the stored one. */
export const SnowflakeForm = z.object({ settings: SnowflakeSettings, secrets: SnowflakeSecrets });
export type SnowflakeForm = z.infer<typeof SnowflakeForm>;

export const asks = {
  ...questionAsks,
  realtime: { input: z.void(), output: Realtime },
  health: { input: z.void(), output: Health },
  connections: { input: z.void(), output: Connections },
  about: { input: z.void(), output: About },
  hostInfo: { input: z.void(), output: HostInfo },
  gatewayStatus: { input: z.void(), output: GatewayStatus },
  restartGateway: { input: z.object({ port: z.int().min(1).max(65535).optional() }), output: z.void() },
  sampleState: { input: z.void(), output: SampleState },
  sample: { input: SampleAction, output: SampleState },
  ...reportAsks,
  ...appSettingAsks,
  recordingState: { input: z.void(), output: RecordingState },
  setRecording: { input: RecordingInput, output: RecordingState },
  thresholds: { input: z.void(), output: ThresholdsState },
  /** Replaces the whole set; in force at once. */
  saveThresholds: { input: Thresholds, output: ThresholdsState },
  alerts: { input: z.void(), output: AlertsState },
  snoozeAlerts: { input: SnoozeInput, output: AlertsState },
  uiSettings: { input: z.void(), output: UiSettings },
  saveUiSettings: { input: UiSettingsChange, output: UiSettings },
  copyText: { input: z.string().max(100_000), output: z.void() },
  snowflakeState: { input: z.void(), output: SnowflakeState },
  /** Tries a form without saving it; steps are told as they pass (`snowflakeSteps`). A null form tests what is configured. */
  testSnowflake: { input: SnowflakeForm.nullable(), output: SnowflakeTest },
  /** Saves and hands over to the gateway; delivery starts without a restart. */
  saveSnowflake: { input: SnowflakeForm, output: SnowflakeState },
  forgetSnowflake: { input: z.void(), output: SnowflakeState },
  setupSnowflake: { input: SetupInput, output: SnowflakeSetup },
  /** Sends what waits now instead of at the next interval. */
  syncSnowflake: { input: z.void(), output: SnowflakeHealth },
  snowflakeFleet: { input: z.void(), output: Fleet },
  retentionState: { input: z.void(), output: RetentionState },
  saveRetention: { input: Retention, output: RetentionState },
  previewRetention: { input: RetentionInput, output: RetentionPreview },
  applyRetention: { input: RetentionInput, output: RetentionResult },
  /** A person says that the clock, which is doubted, is right. */
  confirmClock: { input: z.void(), output: RetentionState },
  prices: { input: z.void(), output: PricesState },
  /** Replaces the whole own list; it is in force for the next call. */
  savePrices: { input: PriceOverrides, output: PricesState },
  explainPrice: { input: ExplainInput, output: PriceExplanation },
  /** Starts a run and returns at once; its state is asked for. */
  startReprice: { input: RepriceInput, output: RepriceState },
  repriceState: { input: z.void(), output: RepriceState },
  cancelReprice: { input: z.void(), output: RepriceState },
  /** The latest live frames a new page needs: the snapshot frame, when one has arrived. */
  liveSnapshot: { input: z.void(), output: ServerFrame.nullable() },
} as const;
export type Asks = typeof asks;
export type AskName = keyof Asks;
export type AskInput<K extends AskName> = z.input<Asks[K]['input']>;
export type AskQuery<K extends AskName> = z.output<Asks[K]['input']>;
export type AskOutput<K extends AskName> = z.output<Asks[K]['output']>;

export const screenIds = ['overview', 'live', 'requests', 'costs', 'limits', 'storage', 'settings'] as const;
export const Screen = z.enum(screenIds);
export type Screen = z.infer<typeof Screen>;
/** Where a notice or the tray leads: a screen, with the calls and the period it speaks of. */
export const Navigate = z.object({
  screen: Screen,
  section: z.string().optional(), // part of the settings
  filter: Filter.optional(),
  range: RangePreset.optional(),
});
export const tells = {
  gatewayStatus: GatewayStatus,
  live: ServerFrame,
  uiSettings: UiSettings,
  navigate: Navigate,
  /** Steps of the running connection test, all of them each time. */
  snowflakeSteps: z.array(SnowflakeStep),
  exportProgress: ExportProgress,
  updateState: UpdateState,
} as const;
export type Tells = typeof tells;
export type TellName = keyof Tells;
export type TellPayload<K extends TellName> = z.output<Tells[K]>;

/** One handler an ask; a missing one fails to compile. */
export type Handlers = { readonly [K in AskName]: (input: AskQuery<K>) => Promise<AskOutput<K>> };

export interface Bridge {
  ask<K extends AskName>(name: K, input: AskInput<K>): Promise<Answer<AskOutput<K>>>;
  /** Returns the function that ends the subscription. */
  onTold<K extends TellName>(name: K, listener: (payload: TellPayload<K>) => void): () => void;
}
