import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';
import packageFile from './package.json' with { type: 'json' };

/**
 * The oldest Electron the app runs on is the registry-carried 33 (Chrome 130, Node 20.18), which closed networks and tests use.
 * Without these targets electron-vite would compile for the newer Electron of package.json.
 */
const oldestNode = 'node20.18';
const oldestChrome = 'chrome130';
/** The one package that stays a package beside main: it looks for files of its own. Everything else is bundled, so the archive holds no node_modules. */
const bundled = Object.keys(packageFile.dependencies).filter((name) => name !== 'snowflake-sdk');
const at = (path: string): string => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      target: oldestNode,
      outDir: at('out/main'),
      externalizeDeps: { exclude: bundled },
      sourcemap: true,
      rolldownOptions: { input: { index: at('main/index.ts') }, output: { entryFileNames: '[name].js' } },
    },
  },
  preload: {
    build: {
      target: oldestNode,
      outDir: at('out/preload'),
      // A sandboxed preload has no module loader: one CommonJS file with everything inside.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    base: './',
    plugins: [react()],
    build: {
      target: oldestChrome,
      outDir: at('out/renderer'),
      emptyOutDir: true,
      rolldownOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
