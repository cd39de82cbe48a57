import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../contract/errors.ts';
import { askKey } from '../../../../renderer/query/use-question.ts';
import { Storage } from '../../../../renderer/views/storage/storage.tsx';
import { createDrawing } from '../../fixture/render-html.tsx';

const drawn = (snowflake: Parameters<typeof createDrawing>[0]['snowflake'], host?: 'electron' | 'browser'): string => {
  const drawing = createDrawing({ snowflake, ...(host === undefined ? {} : { host }) });
  return drawing.html(<Storage />);
};

describe('the Storage screen', () => {
  it('shows the three stores in the order calls travel, each with its state in words', () => {
    expect(drawn('idle')).toMatch(/Journal.*healthy.*Embedded DuckDB.*healthy.*Snowflake.*acme-analytics.*healthy/s);
  });

  it('measures the journal against its cap for screen readers too', () => {
    expect(drawn('idle')).toMatch(/<meter[^>]*aria-label="Disk: 30.1 MB of 512 MB"/);
  });

  it('names the one thing to do where somebody has to act, and the cause as Snowflake told it', () => {
    const html = drawn('attention');
    expect(html).toContain('needs attention');
    expect(html).toContain('Have an administrator run: GRANT USAGE ON WAREHOUSE');
    expect(html).toContain('Insufficient privileges');
  });

  it('says that a lock is waited for, not that something failed', () => {
    expect(drawn('lock')).toContain('waiting for a lock');
    expect(drawn('lock')).not.toContain('needs attention');
  });

  it('offers to set Snowflake up in the app, and says where it is set up to a browser', () => {
    expect(drawn('off')).toContain('Set up Snowflake');
    const browser = drawn('off', 'browser');
    expect(browser).not.toContain('Set up Snowflake');
    expect(browser).toContain('SNOWFLAKE_* variables');
  });

  it('keeps one store readable when another cannot be asked', async () => {
    const drawing = createDrawing({ snowflake: 'idle' });
    const key = askKey('snowflakeState', undefined);
    drawing.client.removeQueries({ queryKey: key });
    const failed = new AppError('gateway_unreachable', 'The gateway does not answer');
    await drawing.client.prefetchQuery({ queryKey: key, queryFn: () => Promise.reject(failed), retry: false });
    expect(drawing.html(<Storage />)).toMatch(
      /Every ended call is on disk.*role="alert".*The gateway does not answer/s,
    );
  });
});
