import { snowflakeOff } from '../../contract/snowflake.ts';
import { describe, expect, test } from 'vitest';
import type { Health } from '../../contract/gateway-api.ts';
import type { GatewayState } from '../../main/gateway-process.ts';
import { gatewayStatus } from '../../main/gateway-status.ts';

const url = 'http://127.0.0.1:8787';
const running: GatewayState = {
  phase: 'running',
  detail: `Running at ${url}`,
  endpoint: { url, toolsUrl: 'http://127.0.0.1:8787', token: 't', pid: 1 },
  suggestedPort: null,
  attached: false,
};
const connected = { live: 'connected', liveSince: '2026-11-23T10:00:00.000Z', retryInMs: null } as const;
const well: Health = {
  status: 'ok',
  version: '0.1.0',
  uptimeSeconds: 5,
  recording: { paused: false, since: null, passedCalls: 0 },
  checks: {
    journal: {
      state: 'ok',
      detail: '',
      rows: 0,
      openRows: 0,
      bytes: 0,
      capBytes: 1,
      lateCommits: 0,
      lostRows: 0,
      waitingRows: 0,
      quarantined: null,
    },
    warehouse: {
      state: 'ok',
      detail: '',
      engine: 'duckdb',
      backlogRows: 0,
      deliveredSeq: 0,
      parkedRows: null,
      lastDeliveredAt: null,
      restarts: 0,
      rebuilt: null,
    },
    snowflake: snowflakeOff('not configured'),
    files: { state: 'ok', detail: '' },
    clock: {
      state: 'ok',
      detail: '',
      timeZone: 'UTC',
      zoneUnknown: false,
      trustedAt: null,
      doubted: false,
    },
    upstreams: [],
  },
};

describe('the status of the gateway', () => {
  test('is that of the process when all is well, and never shows the token', () => {
    const status = gatewayStatus(running, well, connected);
    expect(status).toEqual({ phase: 'running', detail: `Running at ${url}`, url, ...connected, suggestedPort: null });
    expect(JSON.stringify(status)).not.toContain('"t"');
  });

  test('is degraded in the words of the part that is down before one that is only degraded', () => {
    const checks = {
      ...well.checks,
      warehouse: { ...well.checks.warehouse, state: 'degraded' as const, detail: 'The warehouse is behind.' },
      journal: { ...well.checks.journal, state: 'down' as const, detail: 'The disk is full.' },
    };
    expect(gatewayStatus(running, { ...well, status: 'down', checks }, connected)).toMatchObject({
      phase: 'degraded',
      detail: 'Journal: The disk is full.',
    });
    const behind = { ...checks, journal: well.checks.journal };
    expect(gatewayStatus(running, { ...well, status: 'degraded', checks: behind }, connected).detail).toBe(
      'Database: The warehouse is behind.',
    );
  });

  test('names an upstream whose calls fail', () => {
    const upstream = {
      name: 'gemini',
      origin: 'https://g',
      state: 'down' as const,
      calls: 3,
      failures: 3,
      lastError: 'ECONNREFUSED',
    };
    const health: Health = { ...well, status: 'degraded', checks: { ...well.checks, upstreams: [upstream] } };
    expect(gatewayStatus(running, health, connected).detail).toBe('Upstream gemini: calls fail, ECONNREFUSED');
  });

  test('names Snowflake with what to do about it', () => {
    const snowflake: Health['checks']['snowflake'] = {
      ...snowflakeOff('Login refused (390100)', 'acct'),
      state: 'degraded',
      phase: 'needs_attention',
      action: 'Check the user name.',
    };
    const health: Health = { ...well, status: 'degraded', checks: { ...well.checks, snowflake } };
    expect(gatewayStatus(running, health, connected).detail).toBe('Snowflake: Check the user name.');
    const offline = { ...snowflake, phase: 'offline' as const, action: null };
    const away: Health = { ...health, checks: { ...well.checks, snowflake: offline } };
    expect(gatewayStatus(running, away, connected).detail).toBe('Snowflake: Login refused (390100)');
  });

  test('does not repeat old trouble while the connection or the process is gone', () => {
    const health: Health = { ...well, status: 'degraded' };
    expect(gatewayStatus(running, health, { ...connected, live: 'lost', retryInMs: 250 })).toMatchObject({
      phase: 'running',
      live: 'lost',
      retryInMs: 250,
    });
    const down = { ...running, phase: 'restarting' as const, detail: 'The gateway ended', endpoint: null };
    expect(gatewayStatus(down, health, connected)).toMatchObject({
      phase: 'restarting',
      url: null,
      detail: 'The gateway ended',
    });
  });
});
