import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @typedef {{ dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Manifest */

/**
 * The installed folders that packages need at run time, found the way Node finds them: upwards from the package that asks. Optional ones
 * that npm left out on this platform are no loss.
 * @param {string} root folder with node_modules
 * @param {readonly string[]} names
 * @returns {string[]} folders relative to `root`, sorted
 */
export function dependencyClosure(root, names) {
  const found = new Set();
  const queue = names.map((name) => ({ name, from: root, optional: false }));
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const folder = findPackage(root, next.from, next.name);
    if (folder === null) {
      if (next.optional) continue;
      throw new Error(`The package ${next.name}, needed by ${next.from}, is not installed.`);
    }
    if (found.has(folder)) continue;
    found.add(folder);
    /** @type {Manifest} */
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      queue.push({ name, from: folder, optional: name in optionalDependencies });
  }
  return [...found].map((folder) => folder.slice(root.length + 1)).toSorted();
}

/**
 * @param {string} root
 * @param {string} from
 * @param {string} name
 */
function findPackage(root, from, name) {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return null;
}
