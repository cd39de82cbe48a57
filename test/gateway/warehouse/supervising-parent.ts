/** A stand-in for the gateway that can be killed: starts a warehouse process, says its pid when it answers. */
import { warehousePid } from '../../helpers/child-processes.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { startTestWarehouse } from './supervisor-kit.ts';

const client = startTestWarehouse(process.argv[2] ?? '');
// A busy machine may take longer to start two processes than a question waits.
await waitFor('an answer', () => client.ask('metrics', {}), 15_000);
process.send?.(warehousePid(process.pid));
