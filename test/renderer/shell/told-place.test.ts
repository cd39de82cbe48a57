import { describe, expect, it } from 'vitest';
import { UiSettings } from '../../../contract/ipc.ts';
import { pageAddress } from '../../../main/page-url.ts';
import { createLiveStore } from '../../../renderer/live/live-store.ts';
import { createShell } from '../../../renderer/shell/shell-store.ts';
import { goToPlace, placeInAddress, type ToldPlace } from '../../../renderer/shell/told-place.ts';
import { createFixtureBridge } from '../fixture/fixture-bridge.ts';

const place: ToldPlace = {
  screen: 'requests',
  range: 'month',
  filter: { user: ['ana & co?'], tags: { team: ['a=b'] } },
};

describe('a place that main names', () => {
  it('is found again in the address a new window opens at', () => {
    const address = new URL(pageAddress(place));
    expect(placeInAddress(address.hash)).toEqual(place);
    expect(placeInAddress(new URL(pageAddress({ screen: 'storage' })).hash)).toBeNull();
  });

  it('keeps the screen of an address whose view is not in our words', () => {
    expect(placeInAddress('#/requests?view=%7Bnot')).toEqual({ screen: 'requests' });
    expect(placeInAddress('#/requests?view=%7B%22range%22%3A%22century%22%7D')).toBeNull();
  });

  it('opens with its calls and period, at this gateway', () => {
    const { store, actions } = createShell({
      bridge: createFixtureBridge({ scenario: 'empty' }),
      live: createLiveStore(),
      settings: UiSettings.parse({}),
      address: { screen: 'overview', section: null, source: 'snowflake' },
      now: Date.now,
    });
    goToPlace(actions, place);
    expect(store.getState()).toMatchObject({
      screen: 'requests',
      source: 'duckdb',
      requestFilter: { search: '', filter: place.filter },
      range: { period: { kind: 'preset', preset: 'month' } },
    });
    goToPlace(actions, { screen: 'settings', section: 'alerts' });
    expect(store.getState()).toMatchObject({ screen: 'settings', section: 'alerts' });
  });
});
