import { describe, expect, it } from 'vitest';
import type { SnowflakeProfile } from '../../../../contract/snowflake.ts';
import { grantsScript, optionalScript } from '../../../../gateway/warehouse/snowflake/admin-scripts.ts';
import {
  createProcedure,
  procedureAge,
  procedureComment,
  readLoadAnswer,
} from '../../../../gateway/warehouse/snowflake/load-procedure.ts';
import { likePattern, storedName } from '../../../../gateway/warehouse/snowflake/object-names.ts';
import { reportingViews } from '../../../../gateway/warehouse/snowflake/reporting-views.ts';
import { columnList, projection } from '../../../../gateway/warehouse/snowflake/row-projection.ts';
import { columns, ddl } from '../../../../gateway/warehouse/table.ts';

const profile: SnowflakeProfile = {
  account: 'acme-main',
  user: 'METERING',
  authenticator: 'SNOWFLAKE_JWT',
  warehouse: 'METERING_WH',
  database: 'ANALYTICS',
  schema: '"Api usage"',
  role: 'METERING_WRITER',
  accessUrl: null,
  oauth: null,
  disableOcspChecks: false,
};

/** Whoever changes the SQL reads the change of these files; whoever changes the procedure raises its version too. */
describe('the SQL that setup runs and shows', () => {
  it('makes the tables as written down', async () => {
    await expect(`${ddl('snowflake').join(';\n\n')};\n`).toMatchFileSnapshot('./golden/tables.sql');
  });

  it('makes the load procedure as written down', async () => {
    await expect(`${createProcedure(profile)};\n`).toMatchFileSnapshot('./golden/load-procedure.sql');
  });

  it('makes the views as written down', async () => {
    const text = reportingViews(profile).map((view) => `${view.sql};\n`);
    await expect(text.join('\n')).toMatchFileSnapshot('./golden/views.sql');
  });

  it('shows the grants as written down', async () => {
    await expect(grantsScript(profile)).toMatchFileSnapshot('./golden/grants.sql');
  });

  it('shows the optional script as written down, all of it commented out', async () => {
    const script = optionalScript(profile);
    await expect(script).toMatchFileSnapshot('./golden/optional.sql');
    expect(script.split('\n').filter((line) => line !== '' && !line.startsWith('--'))).toEqual([]);
  });

  it('selects one expression for each column, in the order of the column list', () => {
    const expressions = projection('?', '').split(',\n');
    expect(columnList.split(', ')).toEqual(columns.map((column) => column.name));
    expect(expressions).toHaveLength(columns.length);
    expect(expressions[1]).toBe('?');
    expect(expressions[0]).toBe('f.value:call_id::VARCHAR');
  });
});

describe('the version in the comment of the procedure', () => {
  it('knows its own text', () => {
    expect(procedureAge(procedureComment)).toBe('same');
  });

  it('takes a lower version, another text of the same version and a foreign procedure for older', () => {
    expect(procedureAge('AI Studio Monitor load procedure, version 0.99, 000000000000')).toBe('older');
    expect(procedureAge('AI Studio Monitor load procedure, version 1.46, a848922d7775')).toBe('older'); // of 0.1.0
    expect(procedureAge(procedureComment.replace(/.$/, 'x'))).toBe('older');
    expect(procedureAge('loads things')).toBe('older');
    expect(procedureAge(null)).toBe('older');
  });

  it('takes a higher version, and more columns at the same version, for newer', () => {
    const more = procedureComment.replace(/\.(\d+),/, (_, count: string) => `.${Number(count) + 1},`);
    expect(procedureAge(more)).toBe('newer');
    expect(procedureAge('AI Studio Monitor load procedure, version 99.1, 000000000000')).toBe('newer');
  });

  it('is the same for every database and schema', () => {
    const elsewhere = createProcedure({ database: 'OTHER', schema: 'PLACE' });
    expect(elsewhere).toContain(procedureComment);
    expect(elsewhere).toContain('OTHER.PLACE.api_usage_metrics');
  });
});

describe('the answer of the procedure', () => {
  it('is stored, moved with a position, or not ours', () => {
    expect(readLoadAnswer('stored')).toEqual({ kind: 'stored' });
    expect(readLoadAnswer('moved:0')).toEqual({ kind: 'moved', cursor: 0 });
    expect(readLoadAnswer('moved:9007199254740991')).toEqual({ kind: 'moved', cursor: Number.MAX_SAFE_INTEGER });
    for (const foreign of ['moved:', 'moved:-1', 'STORED', '', null, 7]) expect(readLoadAnswer(foreign)).toBeNull();
  });
});

describe('identifiers', () => {
  it('are stored in upper case unless quoted', () => {
    expect([storedName('api_usage'), storedName('"Api usage"')]).toEqual(['API_USAGE', 'Api usage']);
  });

  it('stay text in a LIKE pattern', () => {
    expect(likePattern(`"it's"`)).toBe("'it''s'");
  });
});
