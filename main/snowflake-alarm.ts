import type { DeliveryPhase, SnowflakeHealth } from '../contract/snowflake.ts';

export interface SnowflakeAlarm {
  update(health: SnowflakeHealth): void;
  /** What the tray says at this moment; null while there is nothing a person should know. */
  notice(): string | null;
}

export interface SnowflakeAlarmOptions {
  /** Delivery begins to need the user: called once each time, with what to do. */
  readonly ring: (what: string) => void;
  readonly now?: () => number;
  readonly patienceMs?: number;
}

/** Shorter outages pass unnoticed: rows wait in the journal and are sent later, which is what it is for. */
const defaultPatienceMs = 10 * 60_000;

export function createSnowflakeAlarm({
  ring,
  now = Date.now,
  patienceMs = defaultPatienceMs,
}: SnowflakeAlarmOptions): SnowflakeAlarm {
  let phase: DeliveryPhase | null = null;
  let sinceMs = now();
  let deliveredAt: string | null = null; // the last delivery before this phase
  let backlogRows = 0;
  /** An attempt during an outage is no end of it: only a delivery, or rest, is. */
  const isAnAttempt = (next: SnowflakeHealth): boolean =>
    next.phase === 'sending' &&
    next.lastDeliveredAt === deliveredAt &&
    (phase === 'offline' || phase === 'needs_attention');
  return {
    update(health) {
      ({ backlogRows } = health);
      if (health.phase === phase || isAnAttempt(health)) return;
      ({ phase, lastDeliveredAt: deliveredAt } = health);
      sinceMs = now();
      if (phase === 'needs_attention') ring(health.action ?? health.lastError ?? health.detail);
    },
    notice() {
      if (phase === 'needs_attention') return 'Snowflake needs attention';
      if (phase !== 'offline' || now() - sinceMs < patienceMs) return null;
      return `Snowflake out of reach, ${counted(backlogRows)} waiting`;
    },
  };
}

const counted = (rows: number): string => `${rows.toLocaleString('en-US')} ${rows === 1 ? 'call' : 'calls'}`;
