import { fork } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { waitFor } from '../../helpers/wait-for.ts';

interface Said {
  readonly kind: string;
}

it('says why Snowflake could not be started, instead of connecting for ever', async () => {
  const said: Said[] = [];
  const child = fork(join(import.meta.dirname, 'snowflake-side-child.ts'));
  child.on('message', (message: Said) => said.push(message));
  try {
    const first = (wanted: string) => waitFor(`"${wanted}"`, () => said.find(({ kind }) => kind === wanted), 20_000);
    const why = expect.stringContaining('cannot be started: its folder is missing');
    expect(await first('snowflake')).toMatchObject({ generation: 7, state: { phase: 'needs_attention', detail: why } });
    expect(await first('refused')).toMatchObject({ error: why });
  } finally {
    child.kill();
  }
});
