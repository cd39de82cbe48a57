/** The warehouse process and its delivery as one line of health (contract/gateway-api.ts). */
import type { CheckState, WarehouseHealth } from '../../contract/gateway-api.ts';
import type { DeliveryState } from '../delivery/delivery-state.ts';

export interface ProcessState {
  readonly phase: 'starting' | 'open' | 'silent' | 'waiting' | 'stopped';
  readonly detail: string;
  readonly restarts: number;
  readonly rebuilt: string | null;
}

/** @param missing what the database is known to lack, for people */
export function describeHealth(
  process: ProcessState,
  delivery: DeliveryState | null,
  missing: string | null = null,
): WarehouseHealth {
  return {
    ...withMissing(verdict(process, delivery), missing),
    engine: 'duckdb',
    backlogRows: delivery?.backlogRows ?? 0,
    deliveredSeq: delivery?.deliveredSeq ?? 0,
    lastDeliveredAt: delivery?.lastDeliveredAt ?? null,
    parkedRows: delivery?.parkedRows ?? null,
    restarts: process.restarts,
    rebuilt: process.rebuilt,
  };
}

type Verdict = { readonly state: CheckState; readonly detail: string };

function withMissing(said: Verdict, missing: string | null): Verdict {
  if (missing === null) return said;
  return { state: said.state === 'ok' ? 'degraded' : said.state, detail: `${said.detail}. ${missing}` };
}

function verdict(process: ProcessState, delivery: DeliveryState | null): { state: CheckState; detail: string } {
  switch (process.phase) {
    case 'starting':
      // The first opening is part of every start, not trouble; one that hangs turns silent.
      return { state: process.restarts === 0 ? 'ok' : 'degraded', detail: 'Opening the embedded warehouse' };
    case 'silent':
      return { state: 'degraded', detail: 'The warehouse process does not answer; rows wait in the journal' };
    case 'waiting':
      return { state: 'down', detail: `${process.detail}; rows wait in the journal, next start soon` };
    case 'stopped':
      return { state: 'off', detail: 'Stopped' };
    case 'open':
      return deliveryVerdict(delivery);
  }
}

function deliveryVerdict(delivery: DeliveryState | null): { state: CheckState; detail: string } {
  if (delivery === null) return { state: 'ok', detail: 'Open' };
  const troubled = delivery.phase === 'offline' || delivery.phase === 'needs_attention';
  return { state: troubled ? 'degraded' : 'ok', detail: [delivery.detail, ...lostRows(delivery)].join('; ') };
}

function lostRows({ parkedRows, damagedRows }: DeliveryState): string[] {
  return [
    ...(parkedRows > 0 ? [`${parkedRows} rows set aside because they cannot be stored`] : []),
    ...(damagedRows > 0 ? [`${damagedRows} rows unreadable in the journal`] : []),
  ];
}
