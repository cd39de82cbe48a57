/** The state of delivery to Snowflake as health shows it (contract/snowflake.ts). Pure. */
import { creditsPerDay, snowflakeOff, type SnowflakeHealth, type SnowflakeSettings } from '../../contract/snowflake.ts';
import type { DeliveryState } from '../delivery/delivery-state.ts';
import type { ProcessState } from './warehouse-health.ts';

export interface SnowflakeView {
  readonly settings: SnowflakeSettings | null;
  readonly process: ProcessState;
  /** Null until the present configuration has said something. */
  readonly delivery: DeliveryState | null;
  readonly protocol: 'procedure' | 'guarded' | null;
  /** Since the gateway started, over all restarts of the process. */
  readonly deliveredRows: number;
  readonly parkedRows: number;
}

export function describeSnowflake(view: SnowflakeView): SnowflakeHealth {
  const { settings, delivery } = view;
  if (settings === null) return snowflakeOff('Not configured.');
  const { account } = settings.profile;
  if (!settings.delivery.enabled)
    return snowflakeOff('Delivery is switched off; Snowflake can still be asked.', account);
  const { intervalMinutes } = settings.delivery;
  return {
    ...verdict(view),
    account,
    protocol: view.protocol,
    backlogRows: delivery?.backlogRows ?? 0,
    backlogBytes: delivery?.backlogBytes ?? 0,
    oldestWaitingAt: delivery?.oldestWaitingAt ?? null,
    nextDeliveryAt: delivery?.nextDeliveryAt ?? null,
    lastDeliveredAt: delivery?.lastDeliveredAt ?? null,
    lastError: delivery?.lastError ?? null,
    action: delivery?.action ?? null,
    deliveredRows: view.deliveredRows,
    parkedRows: view.parkedRows,
    intervalMinutes,
    creditsPerDay: creditsPerDay(intervalMinutes),
  };
}

type Verdict = Pick<SnowflakeHealth, 'state' | 'detail' | 'phase'>;

function verdict({ process, delivery }: SnowflakeView): Verdict {
  const kept = 'rows are kept in the journal';
  if (process.phase === 'stopped') return { state: 'off', detail: 'Stopped', phase: null };
  if (process.phase === 'waiting' || process.phase === 'silent')
    return {
      state: 'degraded',
      detail: `The warehouse process does not work at the moment; ${kept}`,
      phase: 'offline',
    };
  if (delivery === null) return { state: 'ok', detail: 'Connecting', phase: 'sending' };
  const { phase, detail } = delivery;
  switch (phase) {
    case 'idle':
    case 'sending':
    case 'waiting_for_lock': // passes by itself, within ten minutes at most (SNOWFLAKE.md): nobody has to be alarmed
      return { state: 'ok', detail, phase };
    case 'offline':
      return { state: 'degraded', detail: `${detail}; ${kept}`, phase };
    case 'needs_attention':
      return { state: 'down', detail: `${detail}; ${kept}`, phase };
  }
}
