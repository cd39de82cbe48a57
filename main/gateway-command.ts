import { join } from 'node:path';

/** How the gateway is started: always by its own Node 24, never by Electron's (native modules, and its crash is not ours). */
export interface GatewayCommand {
  readonly node: string;
  readonly entry: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Surroundings {
  readonly packaged: boolean;
  readonly appRoot: string;
  readonly resourcesPath: string;
  readonly dataDir: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Packaged: the bundle and the Node beside it. Otherwise the sources themselves, which Node 24 runs as they are: a bundle in `out/` could be
 * older than the code being worked on. Run from the project the working directory is the project, whose `.env` the gateway reads.
 */
export function gatewayCommand(where: Surroundings): GatewayCommand {
  const env = gatewayEnvironment(where.env);
  const binary = where.platform === 'win32' ? 'node.exe' : 'node';
  if (where.packaged) {
    const node = join(where.resourcesPath, 'node', 'bin', binary);
    return { node, entry: join(where.resourcesPath, 'gateway', 'index.js'), cwd: where.dataDir, env };
  }
  const system = where.platform === 'win32' ? 'win' : where.platform;
  const installed = join(where.appRoot, 'node_modules', `node-${system}-${where.arch}`, 'bin', binary);
  return {
    node: where.env['AISM_NODE_PATH'] ?? installed,
    entry: join(where.appRoot, 'gateway', 'index.ts'),
    cwd: where.appRoot,
    env,
  };
}

const passedOn = new Set(
  [
    'PATH HOME USER LOGNAME LANG LANGUAGE TZ TMPDIR TEMP TMP',
    'SYSTEMROOT WINDIR COMSPEC USERPROFILE USERNAME APPDATA LOCALAPPDATA PROGRAMDATA',
    'HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR',
  ].flatMap((names) => names.split(' ')),
);
const passedPrefixes = ['LC_', 'XDG_', 'AISM_'];

/**
 * Only what the gateway needs. NODE_OPTIONS and ELECTRON_* above all stay behind: they change what our Node does. So does SNOWFLAKE_*: it
 * holds secrets, which go by pipe (snowflake-environment.ts).
 */
export function gatewayEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const wanted = (name: string): boolean =>
    passedOn.has(name.toUpperCase()) || passedPrefixes.some((prefix) => name.toUpperCase().startsWith(prefix));
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && wanted(name) ? [[name, value]] : [])),
  );
}
