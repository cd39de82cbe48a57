/** Programs that the system refuses to start, each for another reason. Node reports some of them by an event and throws the others. */
import { closeSync, openSync, writeFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

export const refusals = ['ENOENT', 'EACCES', 'ETXTBSY', 'ENOTDIR', 'ELOOP'] as const;
export type Refusal = (typeof refusals)[number];

/** @returns the path of a program that cannot be started for this reason, and what lets go of it */
export function unstartable(reason: Refusal, folder: string): { readonly path: string; release(): void } {
  const path = join(folder, `program-${reason}`);
  const made = (release: () => void = () => undefined) => ({ path, release });
  switch (reason) {
    case 'ENOENT':
      return made();
    case 'ENOTDIR':
      writeFileSync(path, '');
      return { path: join(path, 'node'), release: () => undefined };
    case 'ELOOP':
      symlinkSync(path, path);
      return made();
    case 'EACCES':
      writeFileSync(path, '#!/bin/sh\n', { mode: 0o600 });
      return made();
    case 'ETXTBSY': {
      // an installer still writes it
      writeFileSync(path, '#!/bin/sh\n', { mode: 0o700 });
      const descriptor = openSync(path, 'r+');
      return made(() => closeSync(descriptor));
    }
  }
}
