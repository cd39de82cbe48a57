import { expect, test } from 'vitest';
import { createShutdown } from '../../main/shutdown.ts';

function noted() {
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  return { lines, log: { info: note, warn: note, error: note } };
}

const never = () => new Promise<void>(() => undefined);

test('runs what was added last first, each after the one before, and a failure keeps none from its turn', async () => {
  const { lines, log } = noted();
  const shutdown = createShutdown(log);
  const order: string[] = [];
  shutdown.add('first', () => void order.push('first'));
  shutdown.add('broken', () => Promise.reject(new Error('no')));
  shutdown.add('slow', async () => {
    await Promise.resolve();
    order.push('slow');
  });
  await Promise.all([shutdown.run(), shutdown.run()]);
  expect(order).toEqual(['slow', 'first']);
  expect(lines).toEqual(['ShutdownStepFailed broken: Error: no']);
});

test('a step that never ends costs no more than the whole deadline, and the log names it', async () => {
  const { lines, log } = noted();
  const shutdown = createShutdown(log, { totalMs: 50, hastenedMs: 10 });
  shutdown.add('gateway', never);
  await shutdown.run();
  expect(lines).toEqual(['ShutdownLate gateway did not end within 0.05 s']);
});

test('hastening asks the steps to be quick, and ends what stays after little time', async () => {
  const { lines, log } = noted();
  const shutdown = createShutdown(log, { totalMs: 60_000, hastenedMs: 20 });
  const hastened: string[] = [];
  shutdown.add('gateway', never, () => void hastened.push('gateway'));
  shutdown.hasten(); // nothing runs yet
  expect(hastened).toEqual([]);
  const ended = shutdown.run();
  shutdown.hasten();
  shutdown.hasten();
  await ended;
  expect(hastened).toEqual(['gateway']);
  expect(lines).toEqual(['ShutdownHastened while stopping gateway', 'ShutdownLate gateway did not end within 0.02 s']);
});

test('a step that can be quick ends the shutdown when it is hastened', async () => {
  const { log } = noted();
  const shutdown = createShutdown(log, { totalMs: 60_000, hastenedMs: 60_000 });
  let end: () => void = () => undefined;
  shutdown.add(
    'gateway',
    () => new Promise<void>((resolve) => (end = resolve)),
    () => end(),
  );
  const ended = shutdown.run();
  shutdown.hasten();
  await expect(ended).resolves.toBeUndefined();
});
