import { expect, it } from 'vitest';
import { fleetWords } from '../../../renderer/shell/source-words.ts';

const now = Date.parse('2026-11-23T15:00:00Z');
const gateway = {
  installId: 'a',
  own: true,
  lastDeliveredAt: '2026-11-23T14:02:00Z',
  rows: 1,
  newestCallAt: null,
};

it('says as of when and how many gateways, in the shown zone', () => {
  const fleet = { asOf: '2026-11-23T14:02:00Z', gateways: [gateway, { ...gateway, installId: 'b' }] };
  expect(fleetWords(fleet, now, 'UTC')).toBe('as of 14:02 · 2 gateways');
  expect(fleetWords(fleet, now, 'Europe/Paris')).toBe('as of 15:02 · 2 gateways');
});

it('names the day of a delivery that is not of today, and a fleet without any', () => {
  expect(fleetWords({ asOf: '2026-11-21T14:02:00Z', gateways: [gateway] }, now, 'UTC')).toBe(
    'as of 21 Nov 14:02 · 1 gateway',
  );
  expect(fleetWords({ asOf: null, gateways: [] }, now, 'UTC')).toBe('no gateway has delivered yet');
});
