import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { say } from './launch/messages.mjs';
import { root } from './launch/places.mjs';

/** Each is a process or thread of its own, so each keeps its name and place: they find one another by relative path. */
const entries = ['index', 'journal/thread', 'warehouse-process'];

/** Native, or loading files beside itself: stays a package next to the bundle. */
export const external = ['better-sqlite3', '@duckdb/node-api', 'snowflake-sdk'];

/**
 * Bundles the gateway into out/gateway for the packaged app: every dependency inside but the native ones.
 * @param {{ source?: string, outDir?: string }} [options]
 */
export async function bundleGateway({ source = join(root, 'gateway'), outDir = join(root, 'out', 'gateway') } = {}) {
  const missing = entries.filter((name) => !existsSync(join(source, `${name}.ts`)));
  if (missing.length > 0) throw new Error(`Gateway entries not found: ${missing.join(', ')}`);
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    resolve: { conditions: ['node', 'import', 'module', 'default'] },
    ssr: { noExternal: true, external },
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(entries.map((name) => [name, join(source, `${name}.ts`)])),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
  say(`Bundled the gateway into ${outDir}.`);
}
