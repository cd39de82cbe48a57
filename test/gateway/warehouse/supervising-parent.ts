/** A stand-in for the gateway that can be killed: starts a warehouse process, says its pid when it answers. */
import { warehousePid } from '../../helpers/child-processes.ts';
import { startTestWarehouse } from './supervisor-kit.ts';

const client = startTestWarehouse(process.argv[2] ?? '');
await client.ask('metrics', {});
process.send?.(warehousePid(process.pid));
