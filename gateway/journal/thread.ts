/** The journal's thread: the only writer of `journal.db`. Messages in, answers out; between them short slices of housekeeping. */
import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../../contract/errors.ts';
import type { FromThread, ThreadStart, ToThread } from './protocol.ts';
import { JournalWriter } from './writer.ts';

const maintenanceMs = 1000;

function run(start: ThreadStart): void {
  const port = parentPort;
  if (port === null) throw new Error('The journal thread was started outside a worker');
  const post = (message: FromThread): void => port.postMessage(message);
  const writer = new JournalWriter(start, post);
  let slicing = false;

  // Each slice ends before the next message is looked at, so a commit waits for one slice at most.
  const maintain = (): void => {
    slicing = writer.maintain();
    if (slicing) setImmediate(maintain);
  };
  const timer = setInterval(() => {
    if (!slicing) maintain();
  }, maintenanceMs);

  port.on('message', (message: ToThread) => {
    switch (message.kind) {
      case 'batch':
        return writer.commit(message.id, message.batch);
      case 'probe':
        return writer.probe();
      case 'keep':
        return writer.keep(message);
      case 'claimed':
        return writer.claimed(message.lock);
      case 'removeSample':
        writer.removeSample();
        return slicing ? undefined : maintain();
      case 'stop':
        clearInterval(timer);
        return void writer.stop().then(() => port.close());
      default:
        return assertNever(message);
    }
  });
  writer.probe();
}

// Structured clone keeps the shape; the client that wrote it is compiled against the same type.
run(workerData as ThreadStart);
