import { runLaunches } from '../helpers/launch-campaign.ts';
import { X11Display } from '../helpers/x11-display.ts';
import { electronCommand, expect, test } from './fixtures.ts';

/** `npm run bench -- --only launches` does the same two hundred times. */
test('ten launches on a busy machine, without a driver, bring ten windows whose pages work', async () => {
  test.setTimeout(360_000);
  const display = process.env['DISPLAY'] ?? '';
  const reachable = await X11Display.open(display).then(
    (screen) => (screen.close(), true),
    () => false,
  );
  test.skip(!reachable, 'no X display that shows its windows to this program');
  const results = await runLaunches({
    launches: 10,
    busyProcesses: 2,
    display,
    // Without a driver the app must not wait for one.
    command: (dataDir) => electronCommand(['--data-dir', dataDir, '--port', '0'], { env: { AISM_TEST: '0' } }),
  });
  const failed = results.filter(({ shownMs, worksMs }) => shownMs === null || worksMs === null);
  expect(failed.map(({ log }) => log)).toEqual([]);
});
