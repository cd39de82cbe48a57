import { describe, expect, it } from 'vitest';
import type { GatewaySettings } from '../../../../../contract/app-settings.ts';
import {
  checkDraft,
  draftOf,
  isSame,
  type GatewayDraft,
} from '../../../../../renderer/views/settings/gateway/gateway-draft.ts';

const settings: GatewaySettings = {
  port: 8787,
  host: '127.0.0.1',
  tlsCert: null,
  tlsKey: null,
  upstreams: [{ name: 'mine', url: 'https://llm.example.com', provider: null }],
  streamUsage: false,
  drainMs: 1500,
  userIds: 'hashed',
};
const check = (change: Partial<GatewayDraft>) => checkDraft({ ...draftOf(settings), ...change }, settings);

describe('the gateway form', () => {
  it('gives back what it was given, with what it does not show', () => {
    expect(check({}).settings).toEqual(settings);
    expect(check({ port: ' 9000 ', host: ' ::1 ' }).settings).toEqual({ ...settings, port: 9000, host: '::1' });
    expect(isSame(draftOf(settings), { ...draftOf(settings), port: '1' })).toBe(false);
  });

  it.each(['', '0', '65536', 'eight', '8787.5', '-1'])('names a port that is none: "%s"', (port) => {
    expect([...check({ port }).problems.keys()]).toEqual(['port']);
    expect(check({ port }).settings).toBeNull();
  });

  it.each(['', 'two words'])('names an address that is none: "%s"', (host) => {
    expect(check({ host }).problems.has('host')).toBe(true);
  });

  it('asks for both files beyond this computer, and for each with the other', () => {
    expect([...check({ host: '0.0.0.0' }).problems.keys()]).toEqual(['tlsCert']);
    expect([...check({ tlsCert: '/a.pem' }).problems.keys()]).toEqual(['tlsKey']);
    expect([...check({ tlsKey: '/a.pem' }).problems.keys()]).toEqual(['tlsCert']);
    const both = check({ host: '0.0.0.0', tlsCert: '/a.pem', tlsKey: '/b.pem' });
    expect(both.settings).toMatchObject({ host: '0.0.0.0', tlsCert: '/a.pem', tlsKey: '/b.pem' });
  });
});
