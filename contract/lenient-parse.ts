/** Reads a document field by field: what does not fit its schema is replaced, everything else stays as it was. Pure. */
import type { z } from 'zod';

export interface LenientResult<T> {
  readonly value: T;
  /** Paths of what was replaced or left out, for example `ui.theme`; empty when the whole document was valid. */
  readonly rejected: readonly string[];
}

type Path = readonly PropertyKey[];
type Container = Record<PropertyKey, unknown>;

/** More than any settings file has fields; a rule about several fields at once could otherwise be mended for ever. */
const maxSteps = 2000;

/**
 * Replaces an invalid field by the one at the same place in `fallback`. Without one there the field is left out; where the schema needs it,
 * what contains it is replaced in the same way.
 * @param fallback a valid document; it may hold values for parts that are null or absent by default
 */
export function parseLeniently<T>(schema: z.ZodType<T>, document: object, fallback: object): LenientResult<T> {
  const copy: unknown = structuredClone(document);
  const rejected = new Set<string>();
  for (let step = 0; step < maxSteps; step++) {
    const parsed = schema.safeParse(copy);
    if (parsed.success) return { value: parsed.data, rejected: [...rejected] };
    const mended = mend(copy, parsed.error.issues[0]?.path ?? [], fallback);
    if (mended === null) break;
    rejected.add(mended.join('.'));
  }
  return { value: schema.parse(fallback), rejected: ['all of it'] };
}

/** The path that was changed; null when nothing is left to replace. */
function mend(document: unknown, path: Path, fallback: object): Path | null {
  const key = path.at(-1);
  if (key === undefined) return null;
  const container = valueAt(document, path.slice(0, -1));
  const spare = valueAt(fallback, path);
  if (!isContainer(container)) return mend(document, path.slice(0, -1), fallback);
  const present = key in container;
  if (!present && spare === undefined) return mend(document, path.slice(0, -1), fallback);
  // A group of the wrong type is left out first: the schema's own default for it may be null.
  const replace = !present || (spare !== undefined && !isContainer(spare) && spare !== container[key]);
  if (replace) container[key] = structuredClone(spare);
  else if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
  return path;
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (isContainer(value) ? value[key] : undefined), document);
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;
