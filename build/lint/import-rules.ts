/**
 * Import directions of ARCHITECTURE.md as lint rules. Relative imports are judged by where they lead: the same `../live/…` is an upward
 * import in `gateway/usage/x.ts` and the stage's own subfolder in `gateway/usage/google/x.ts`. So each folder gets one override per depth,
 * and each override carries the full list, because the linter lets the last matching override of a rule win instead of merging them.
 */

import type { OxlintConfig } from 'oxlint';
import { mayWaitForTheDisk, syncFileHelpers, syncFileWork } from './sync-files.ts';

/** Stages in data-flow order: a stage may import those before it, never those after it. */
export const gatewayStages = [
  'proxy',
  'usage',
  'pricing',
  'journal',
  'delivery',
  'warehouse',
  'analytics',
  'live',
  'thresholds',
  'alerts',
  'api',
] as const;

const deepestFolder = 5;
const databaseDrivers = ['better-sqlite3', '@duckdb/node-api', 'snowflake-sdk'];
const topFolders = ['contract', 'gateway', 'main', 'preload', 'renderer', 'build', 'test'];

type Overrides = NonNullable<OxlintConfig['overrides']>;
type Rules = NonNullable<Overrides[number]['rules']>;

interface Restriction {
  readonly regex: string;
  readonly message: string;
  readonly allowTypeImports?: boolean;
}

interface Zone {
  /** Files at `depth` folders below the project root. */
  readonly files: (depth: number) => string;
  readonly shallowest: number;
  readonly restrictions: (depth: number) => readonly Restriction[];
  readonly except?: readonly string[];
}

const upTo = (levels: number): string => `^(\\.\\./){${levels}}`;
const anyOf = (names: readonly string[]): string => `(${names.join('|')})`;
const starsBelow = (folder: string, depth: number): string =>
  `${folder}/${'*/'.repeat(depth - folder.split('/').length)}*.{ts,tsx,mts,mjs}`;

const packagesIn = (names: readonly string[], message: string): Restriction => ({
  regex: `^${anyOf(names)}(/|$)`,
  message,
});

/** Every package except one. Spelled out letter by letter because the linter's regular expressions have no look-ahead. */
function packagesOtherThan(name: string): string {
  const differsAt = [...name].map((letter, index) =>
    index === 0 ? `^[^.${letter}]` : `^${name.slice(0, index)}([^${letter}]|$)`,
  );
  return [...differsAt, `^${name}.`].join('|');
}

function foldersOutside(depth: number, from: string, allowed: readonly string[]): Restriction {
  const forbidden = topFolders.filter((folder) => folder !== from && !allowed.includes(folder));
  return {
    regex: `${upTo(depth)}${anyOf(forbidden)}/`,
    message: `${from} imports ${allowed.length === 0 ? 'no other folder' : allowed.join(' and ')} only.`,
  };
}

const noDrivers = packagesIn(databaseDrivers, 'Database drivers live in the gateway and its warehouse process only.');
const noElectron = packagesIn(['electron'], 'Runs without Electron.');
const noReact = packagesIn(['react', 'react-dom', 'echarts'], 'User interface packages belong to the renderer.');
const noNode = (where: string): Restriction => ({
  regex: '^node:',
  message: `${where} runs where Node is not available.`,
});

const contract: Zone = {
  files: (depth) => starsBelow('contract', depth),
  shallowest: 1,
  restrictions: (depth) => [
    { regex: packagesOtherThan('zod'), message: 'The contract is pure: it imports zod and itself only.' },
    foldersOutside(depth, 'contract', []),
  ],
};

/** All of the gateway, the folders above the stages (`cli/`, `sample/`) included; the stages' own rules follow and replace these. */
const wholeGateway: Zone = {
  files: (depth) => starsBelow('gateway', depth),
  shallowest: 1,
  restrictions: (depth) => [foldersOutside(depth, 'gateway', ['contract']), noElectron, noReact],
};

/** What puts the stages together; a stage that imported it would import every stage. */
const compositions = ['gateway', 'index', 'server', 'dispatch', 'meter', 'warehouse-process'];

function gatewayStage(stage: string, later: readonly string[]): Zone {
  const folder = `gateway/${stage}`;
  return {
    files: (depth) => starsBelow(folder, depth),
    shallowest: 2,
    restrictions: (depth) => [
      foldersOutside(depth, 'gateway', ['contract']),
      {
        regex: `${upTo(depth - 1)}(${anyOf(compositions)}\\.ts$|(cli|sample)/)`,
        message: 'A stage never imports what puts the stages together.',
      },
      ...(later.length === 0
        ? []
        : [{ regex: `${upTo(depth - 1)}${anyOf(later)}/`, message: `${stage} comes before ${later.join(', ')}.` }]),
      noElectron,
      noReact,
    ],
  };
}

const closedStages = gatewayStages.filter((stage) => stage !== 'warehouse' && stage !== 'analytics');
const main: Zone = {
  files: (depth) => starsBelow('main', depth),
  shallowest: 1,
  restrictions: (depth) => [
    foldersOutside(depth, 'main', ['contract', 'gateway']),
    {
      regex: `${upTo(depth)}gateway/(${closedStages.join('|')}|cli|sample|[^/]+\\.ts$)`,
      message: 'main imports gateway/warehouse and gateway/analytics only; the gateway is another process.',
    },
    noDrivers,
    noReact,
  ],
};

const preload: Zone = {
  files: (depth) => starsBelow('preload', depth),
  shallowest: 1,
  restrictions: (depth) => [
    { regex: packagesOtherThan('electron'), message: 'The preload imports electron and contract types only.' },
    foldersOutside(depth, 'preload', ['contract']),
    { regex: `${upTo(depth)}contract/`, message: 'The preload imports contract types only.', allowTypeImports: true },
  ],
};

const renderer: Zone = {
  files: (depth) => starsBelow('renderer', depth),
  shallowest: 1,
  restrictions: (depth) => [
    foldersOutside(depth, 'renderer', ['contract']),
    packagesIn(
      ['electron', 'electron-log', 'undici', 'ws', 'pino'],
      'The renderer reaches the world through the bridge.',
    ),
    noDrivers,
    noNode('The renderer'),
  ],
};

const stageZones = gatewayStages.map((stage, index) => gatewayStage(stage, gatewayStages.slice(index + 1)));
const inGateway: ReadonlySet<Zone> = new Set([wholeGateway, ...stageZones]);

/** A file of a stage has the rules of its stage. */
function gatewayZoneOf(file: string): Zone {
  const stage = gatewayStages.findIndex((name) => file.startsWith(`gateway/${name}/`));
  return stageZones[stage] ?? wholeGateway;
}

const zones: readonly Zone[] = [contract, wholeGateway, ...stageZones, main, preload, renderer];

/** The raw IPC objects, by folder: one typed door on each side, everything else goes through it. */
const rawIpc = (names: readonly string[]) => [
  {
    name: 'electron',
    importNames: [...names],
    message: 'Use the typed door (main/ipc.ts, preload/) instead of raw IPC.',
  },
];

const rulesFor = (patterns: readonly Restriction[], ipcNames: readonly string[], isEventLoop = false): Rules => ({
  'no-restricted-imports': [
    'error',
    {
      paths: [...rawIpc(ipcNames), ...(isEventLoop ? syncFileWork : [])],
      patterns: [...patterns, ...(isEventLoop ? [syncFileHelpers] : [])],
    },
  ],
});

/** Lint overrides that enforce the directions, one per folder and depth, the exceptions last. */
export function importOverrides(): Overrides {
  const overrides = zones.flatMap((zone) => {
    const depths = Array.from({ length: deepestFolder - zone.shallowest + 1 }, (_, index) => zone.shallowest + index);
    return depths.map((depth) => ({
      files: [zone.files(depth)],
      rules: rulesFor(
        zone.restrictions(depth),
        zone === preload ? ['ipcMain'] : ['ipcMain', 'ipcRenderer'],
        inGateway.has(zone),
      ),
    }));
  });
  const waiting = mayWaitForTheDisk.map((file) => ({
    files: [file],
    rules: rulesFor(gatewayZoneOf(file).restrictions(file.split('/').length - 1), ['ipcMain', 'ipcRenderer']),
  }));
  return [...overrides, ...waiting, { files: ['main/ipc.ts'], rules: rulesFor(main.restrictions(1), ['ipcRenderer']) }];
}
