import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 300;
const ownerlessAfterMs = 10_000;

/**
 * Runs `work` while this process alone holds `lockPath` (a directory: making one is atomic everywhere). A lock whose owner has died is
 * taken over.
 * @template T
 * @param {string} lockPath
 * @param {() => void} onWait called once when another process holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(lockPath, onWait, work) {
  await mkdir(dirname(lockPath), { recursive: true });
  for (let told = false; !(await tryTake(lockPath)); await wait(pollMs)) {
    if (await isAbandoned(lockPath)) await setAside(lockPath);
    else if (!told) {
      told = true;
      onWait();
    }
  }
  try {
    return await work();
  } finally {
    await rm(lockPath, { recursive: true, force: true });
  }
}

/** @param {string} lockPath */
async function tryTake(lockPath) {
  try {
    await mkdir(lockPath);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  await writeFile(join(lockPath, 'pid'), String(process.pid));
  return true;
}

/** @param {string} lockPath */
async function isAbandoned(lockPath) {
  try {
    const pid = Number(await readFile(join(lockPath, 'pid'), 'utf8'));
    if (pid > 0) return !isAlive(pid);
    return Date.now() - (await stat(lockPath)).mtimeMs > ownerlessAfterMs;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    const found = await stat(lockPath).catch(() => null);
    return found !== null && Date.now() - found.mtimeMs > ownerlessAfterMs;
  }
}

/**
 * Renames first: of two processes that both found the lock abandoned, only one succeeds.
 * @param {string} lockPath
 */
async function setAside(lockPath) {
  const aside = `${lockPath}.abandoned-${process.pid}`;
  try {
    await rename(lockPath, aside);
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
export function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
