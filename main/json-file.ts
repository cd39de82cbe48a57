import { readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';

export interface JsonFile<T> {
  /** Null when there is no file, or a damaged one. */
  readonly value: T | null;
  /** New name of a damaged file, else null. */
  readonly setAside: string | null;
}

/** Reads a file of ours. One that is no JSON, or another shape than the schema's, is kept aside under a name that tells when. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, now: () => Date): Promise<JsonFile<T>> {
  const text = await readIfThere(path);
  if (text === null) return { value: null, setAside: null };
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return { value: parsed.data, setAside: null };
  const name = damagedName(path, now());
  await rename(path, join(dirname(path), name));
  return { value: null, setAside: name };
}

/** The name under which a damaged file is kept beside the new one. */
export const damagedName = (path: string, now: Date): string =>
  `${basename(path, '.json')}.damaged-${now.toISOString().replaceAll(/[:.]/g, '-')}.json`;

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** `undefined` for text that is not JSON: no schema accepts it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
