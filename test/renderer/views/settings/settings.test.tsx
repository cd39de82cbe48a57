import { describe, expect, it } from 'vitest';
import { settingsSections } from '../../../../renderer/views/settings/sections.ts';
import { Settings } from '../../../../renderer/views/settings/settings.tsx';
import { createDrawing, type DrawingOptions } from '../../fixture/render-html.tsx';

const drawn = (section: string | null, options: Partial<DrawingOptions> = {}): string =>
  createDrawing({ snowflake: 'idle', ...options, address: { screen: 'settings', section } }).html(<Settings />);

describe('the Settings screen', () => {
  it('lists every part, marks the open one, and opens the first where the address names none it knows', () => {
    for (const { label } of settingsSections) expect(drawn('about')).toContain(label.replace('&', '&amp;'));
    expect(drawn('retention')).toMatch(/aria-current="page"[^>]*>.*?Data &amp; retention/s);
    expect(drawn('nowhere')).toBe(drawn('appearance'));
    expect(drawn(null)).toBe(drawn('appearance'));
  });
});

describe('the Snowflake form', () => {
  it('offers key pair first and password last, with the warning', () => {
    const order = ['Key pair', 'Access token', 'OAuth client', 'Browser sign-in', 'Password'];
    const html = drawn('snowflake');
    const places = order.map((label) => html.indexOf(label));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(html).toContain('Snowflake is blocking logins by password alone');
  });

  it('says where a known secret is and has no field that could show it', () => {
    expect(drawn('snowflake')).toMatch(/Private key.*stored in the keychain.*Replace/s);
    expect(drawn('snowflake')).not.toMatch(/<textarea|type="password"/);
    expect(drawn('snowflake', { snowflake: 'backlog' })).toContain('kept in memory only: this desktop has no keyring');
  });

  it('asks for the key where none is known, by paste or by file', () => {
    expect(drawn('snowflake', { snowflake: 'off' })).toMatch(/<textarea.*<input type="file"/s);
  });

  it('ties hints to their fields for screen readers', () => {
    const html = drawn('snowflake', { snowflake: 'off' });
    const input = /<input[^>]*placeholder="e.g. myorg-myaccount"[^>]*>/.exec(html)?.[0] ?? '';
    const described = /aria-describedby="([^"]+)"/.exec(input)?.[1]?.split(' ') ?? [];
    const hint = /id="([^"]+)"[^>]*>The account identifier/.exec(html)?.[1];
    expect(described).toContain(hint);
  });

  it('sets up tables with saved settings only', () => {
    expect(drawn('snowflake', { snowflake: 'off' })).toContain('Save first');
    expect(drawn('snowflake')).toContain('Nothing runs before you say so');
  });

  it('is read-only in a browser: facts, a test, a delivery now, and why', () => {
    const html = drawn('snowflake', { host: 'browser' });
    expect(html).toMatch(/come from the environment of the gateway.*acme-analytics.*Test connection.*Sync now/s);
    expect(html).not.toMatch(/<input|<textarea|>Save</);
  });
});

describe('Data & retention', () => {
  it('shows what is kept and explains what deleting in Snowflake goes on costing', () => {
    expect(drawn('retention')).toMatch(/At present they are kept for 90 days.*Time Travel.*Fail-safe/s);
  });

  it('offers a browser to delete once, and no lasting setting', () => {
    expect(drawn('retention', { host: 'browser' })).toMatch(
      /Delete calls older than.*The lasting setting is made where the gateway runs.*Delete once…/s,
    );
    expect(drawn('retention')).not.toContain('Delete once');
  });

  it('has nothing to set for a Snowflake that is not there', () => {
    expect(drawn('retention', { snowflake: 'off' })).toContain('No Snowflake is configured');
  });
});

describe('what only the desktop app can set', () => {
  it.each(['upstreams', 'gateway', 'privacy', 'updates', 'diagnostics'])(
    'is a plain note in a browser, and no form: %s',
    (section) => {
      const html = drawn(section, { host: 'browser' });
      expect(html).toMatch(/where the gateway is started|The desktop app/);
      expect(html).not.toMatch(/<input|<textarea|>Save</);
    },
  );

  it('says what is stored and what never is, in a browser too', () => {
    expect(drawn('privacy', { host: 'browser' })).toMatch(/Stored.*Never stored.*Prompts and answers/s);
  });
});
