import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { questions } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import { type Source, sourceByQuery } from '../../main/analytics.ts';
import { accountOf } from '../../main/snowflake-form.ts';
import { type SnowflakePool, SnowflakeSource } from '../../main/snowflake-source.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { snowflakeForm } from './snowflake-form-example.ts';

const account = accountOf(snowflakeForm({ password: 'p' }), null);
const stays = new AbortController().signal;
const models = (fields: object = {}) => questions.models.query.parse({ source: 'snowflake', ...fields });
const usage = (fields: object = {}) => questions.usage.query.parse({ source: 'snowflake', ...fields });

/** Pools that note what happens to them; a question lasts until it is aborted, unless it asks for one row. */
function watchedPools() {
  const seen = { opened: 0, closed: 0, aborted: 0 };
  const open = async (): Promise<SnowflakePool> => {
    seen.opened += 1;
    return {
      async answer(_name, query, left) {
        if ('limit' in query && query.limit === 1)
          return new Promise<never>((_resolve, refuse) => refuse(new AppError('snowflake_error', 'answered')));
        if (!left.aborted) await once(left, 'abort');
        seen.aborted += 1;
        throw new AppError('cancelled', 'The question was cancelled');
      },
      async close() {
        seen.closed += 1;
      },
    };
  };
  return { seen, open };
}

let source: SnowflakeSource | null = null;
afterEach(() => source?.close());
const watched = (idleMs = 60_000) => {
  const { seen, open } = watchedPools();
  source = new SnowflakeSource({ account: () => account, open, idleMs });
  return { seen, source };
};
const outcome = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

describe('questions to Snowflake', () => {
  test('share one pool, which opens with the first of them', async () => {
    const { seen, source: asked } = watched();
    expect(seen.opened).toBe(0);
    await Promise.all([
      outcome(asked.answer('models', models({ limit: 1 }), stays)),
      outcome(asked.answer('calls', questions.calls.query.parse({ limit: 1 }), stays)),
    ]);
    expect(seen).toMatchObject({ opened: 1, closed: 0 });
  });

  test('of the same panel supersede each other, whatever period or filter they are about', async () => {
    const { source: asked } = watched();
    const first = outcome(asked.answer('usage', usage({ range: '24h' }), stays));
    const second = outcome(
      asked.answer('usage', usage({ range: '7d', tz: 'Europe/Berlin', bucket: '1d', filter: { model: ['m'] } }), stays),
    );
    expect(await first).toBe('cancelled');
    await asked.close();
    expect(await second).toBe('cancelled');
  });

  test('of different panels run side by side', async () => {
    const { seen, source: asked } = watched();
    const page = new AbortController();
    const panels = [
      asked.answer('usage', usage(), page.signal),
      asked.answer('usage', usage({ groupBy: 'model', groupLimit: 7 }), page.signal),
      asked.answer('models', models(), page.signal),
    ].map(outcome);
    await waitFor('the pool', () => seen.opened === 1);
    expect(seen.aborted).toBe(0);
    page.abort(); // the page leaves: nobody waits for any of them
    expect(await Promise.all(panels)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(seen.aborted).toBe(3);
  });

  test('close the pool when none came for a while, and open another later', async () => {
    const { seen, source: asked } = watched(30);
    await outcome(asked.answer('models', models({ limit: 1 }), stays));
    await waitFor('the pool to close', () => seen.closed === 1);
    await outcome(asked.answer('models', models({ limit: 1 }), stays));
    expect(seen.opened).toBe(2);
  });

  test('end at a change of the settings, and the next one uses what is configured then', async () => {
    const { seen, source: asked } = watched();
    const running = outcome(asked.answer('models', models(), stays));
    await waitFor('the pool', () => seen.opened === 1);
    await asked.close();
    expect(await running).toBe('cancelled');
    expect(seen.closed).toBe(1);
    await outcome(asked.answer('models', models({ limit: 1 }), stays));
    expect(seen.opened).toBe(2);
  });

  test('fail by name without settings, and a pool that does not open is tried again', async () => {
    const none = new SnowflakeSource({ account: () => null, open: watchedPools().open });
    expect(await outcome(none.answer('models', models(), stays))).toBe('snowflake_not_configured');
    let attempts = 0;
    const failing = new SnowflakeSource({
      account: () => account,
      open: async () => {
        attempts += 1;
        throw new AppError('internal', 'the driver does not load');
      },
    });
    expect(await outcome(failing.answer('models', models(), stays))).toBe('internal');
    expect(await outcome(failing.answer('models', models(), stays))).toBe('internal');
    expect(attempts).toBe(2);
    await failing.close();
  });
});

describe('a question', () => {
  const named = (name: string): Source => ({
    answer: async () => {
      throw new AppError('not_found', name);
    },
  });
  const askedOf = async (direct: boolean, query: ReturnType<typeof models>): Promise<string> => {
    const both = sourceByQuery(named('gateway'), named('snowflake'), () => direct);
    return both.answer('models', query, stays).then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
  };

  test('goes where its source is: to Snowflake itself only when this app may log in there', async () => {
    expect(await askedOf(true, models({ source: 'duckdb' }))).toBe('gateway');
    expect(await askedOf(true, models())).toBe('snowflake');
    expect(await askedOf(false, models())).toBe('gateway');
  });
});
