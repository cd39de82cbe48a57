/** What the warehouse process says to the gateway. */
import type { DeliveryLog } from '../delivery/delivery.ts';
import type { ToParent } from '../warehouse/protocol.ts';

/** Resolves when it was handed over. */
export function tell(message: ToParent): Promise<void> {
  return new Promise((resolve) => {
    // A closed channel needs no telling: `disconnect` ends this process.
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

export const log: DeliveryLog = {
  info: (fields, event) => void tell({ kind: 'log', level: 'info', event, fields: plain(fields) }),
  warn: (fields, event) => void tell({ kind: 'log', level: 'warn', event, fields: plain(fields) }),
};

/** Errors have no enumerable fields, so JSON would lose them. */
function plain(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value,
    ]),
  );
}
