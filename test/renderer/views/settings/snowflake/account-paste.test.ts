import { expect, it } from 'vitest';
import { accountInside } from '../../../../../renderer/views/settings/snowflake/account-paste.ts';

it.each([
  ['https://acme-analytics.snowflakecomputing.com/console#/data', 'acme-analytics'],
  ['acme-analytics.snowflakecomputing.com', 'acme-analytics'],
  ['  HTTPS://Acme-Analytics.SnowflakeComputing.com:443  ', 'Acme-Analytics'],
  ['xy12345.eu-central-1.privatelink.snowflakecomputing.com', 'xy12345.eu-central-1.privatelink'],
  ['acme-analytics.snowflakecomputing.cn', 'acme-analytics'],
  ['https://app.snowflake.com/acme/analytics/#/homepage', 'acme-analytics'],
])('finds the account identifier in %s', (text, identifier) => {
  expect(accountInside(text)?.identifier).toBe(identifier);
});

it.each(['', 'acme-analytics', 'https://example.com', 'https://app.snowflake.com/', '.snowflakecomputing.com'])(
  'finds none in "%s"',
  (text) => {
    expect(accountInside(text)).toBeNull();
  },
);
