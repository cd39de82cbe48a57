/** What each store tells about itself, as lines of a card. Pure: words and numbers are tested without drawing. */
import type { JournalHealth, WarehouseHealth } from '../../../contract/gateway-api.ts';
import type { RetentionState, SnowflakeHealth } from '../../../contract/snowflake.ts';
import { formatAgo, formatSpan } from '../../format/duration.ts';
import { dash, formatBytes, formatExact } from '../../format/numbers.ts';
import { formatClock, formatDateTime } from '../../format/time.ts';
import { keptWords } from '../retention/retention-words.ts';
import { creditsWords } from '../snowflake/credits.ts';

export interface StoreFact {
  readonly name: string;
  readonly value: string;
  readonly title?: string; // the exact value, or what the line means
  readonly tone?: 'warn' | 'bad';
}

export interface Clock {
  readonly nowMs: number;
  readonly tz: string;
}

export function journalFacts(health: JournalHealth): readonly StoreFact[] {
  return [
    { name: 'Calls kept', value: formatExact(health.rows) },
    { name: 'Calls running', value: formatExact(health.openRows) },
    {
      name: 'Waiting for the disk',
      value: formatExact(health.waitingRows),
      title: 'Ended calls that are in memory only',
    },
    {
      name: 'Released early',
      value: formatExact(health.lateCommits),
      title: 'Responses that went to the client before their row was safe on disk',
    },
    { name: 'Lost', value: formatExact(health.lostRows), ...(health.lostRows > 0 ? { tone: 'bad' as const } : {}) },
    ...setAside(health.quarantined),
  ];
}

export function duckdbFacts(health: WarehouseHealth, clock: Clock): readonly StoreFact[] {
  return [
    { name: 'Waiting', value: rowWords(health.backlogRows) },
    ago('Last delivery', health.lastDeliveredAt, clock),
    { name: 'Delivered up to', value: `row ${formatExact(health.deliveredSeq)}` },
    parked(health.parkedRows, 'Calls that cannot be stored as they are; kept apart with the reason'),
    {
      name: 'Restarts',
      value: formatExact(health.restarts),
      title: 'How often its process was started again since the gateway runs',
      ...(health.restarts > 0 ? { tone: 'warn' as const } : {}),
    },
    ...setAside(health.rebuilt),
  ];
}

const protocols = {
  procedure: { value: 'one call a batch', title: 'The load procedure writes rows and offset in one transaction' },
  guarded: { value: 'guarded insert', title: 'Without the load procedure: more round trips, the same guarantee' },
} as const;

export function snowflakeFacts(health: SnowflakeHealth, clock: Clock): readonly StoreFact[] {
  const { backlogRows, backlogBytes, oldestWaitingAt, protocol, parkedRows, creditsPerDay } = health;
  const size = backlogRows === 0 ? '' : ` · ${formatBytes(backlogBytes)}`;
  return [
    { name: 'Waiting', value: `${rowWords(backlogRows)}${size}` },
    {
      name: 'Lag',
      value: oldestWaitingAt === null ? 'none' : formatSpan(Math.max(0, clock.nowMs - Date.parse(oldestWaitingAt))),
      title:
        oldestWaitingAt === null
          ? 'Nothing waits'
          : `Oldest waiting call: ${formatDateTime(oldestWaitingAt, clock.tz)}`,
    },
    ago('Last delivery', health.lastDeliveredAt, clock),
    nextDelivery(health, clock),
    { name: 'Delivered', value: formatExact(health.deliveredRows), title: 'Since the gateway started' },
    protocol === null
      ? { name: 'Written by', value: dash, title: 'Known after the first batch' }
      : { name: 'Written by', ...protocols[protocol] },
    parked(parkedRows, 'Calls that Snowflake refuses as they are; kept in the journal with the reason'),
    { name: 'Cost', value: creditsPerDay === null ? dash : creditsWords(creditsPerDay) },
  ];
}

export function retentionFacts(state: RetentionState, withSnowflake: boolean, tz: string): readonly StoreFact[] {
  const { retention, lastRunAt, lastDeletedRows } = state;
  const deleted = lastDeletedRows === null ? '' : ` · ${formatExact(lastDeletedRows)} calls deleted`;
  return [
    { name: 'On this computer', value: keptWords(retention.localDays) },
    ...(withSnowflake ? [{ name: 'In Snowflake', value: keptWords(retention.snowflakeDays) }] : []),
    { name: 'Last clean-up', value: lastRunAt === null ? 'never' : `${formatDateTime(lastRunAt, tz)}${deleted}` },
  ];
}

function nextDelivery({ nextDeliveryAt, backlogRows, phase }: SnowflakeHealth, { nowMs, tz }: Clock): StoreFact {
  const name = 'Next delivery';
  if (phase === 'sending') return { name, value: 'now' };
  if (nextDeliveryAt === null) return { name, value: backlogRows === 0 ? 'when a call ends' : dash };
  const inMs = Date.parse(nextDeliveryAt) - nowMs;
  return {
    name,
    value: inMs <= 0 ? 'now' : `in ${formatSpan(inMs)}`,
    title: `At ${formatClock(nextDeliveryAt, tz)}, or as soon as a batch is full`,
  };
}

function rowWords(rows: number): string {
  if (rows === 0) return 'nothing';
  return `${formatExact(rows)} ${rows === 1 ? 'call' : 'calls'}`;
}

function parked(rows: number | null, title: string): StoreFact {
  if (rows === null) return { name: 'Parked', value: dash, title };
  return { name: 'Parked', value: formatExact(rows), title, ...(rows > 0 ? { tone: 'warn' as const } : {}) };
}

function ago(name: string, at: string | null, { nowMs, tz }: Clock): StoreFact {
  if (at === null) return { name, value: 'never', title: 'Nothing was delivered yet' };
  return { name, value: formatAgo(Math.max(0, nowMs - Date.parse(at))), title: formatDateTime(at, tz) };
}

/** A damaged file is kept beside the new one, so a person can look for it. */
function setAside(file: string | null): readonly StoreFact[] {
  return file === null
    ? []
    : [{ name: 'Set aside', value: file, title: 'A damaged file, kept in the data folder', tone: 'warn' }];
}

/** The alarm of the journal itself (ARCHITECTURE "Journal"): from here on a person should look. */
const fullShare = 0.8;

export interface DiskUse {
  readonly share: number; // 0 to 1
  readonly words: string;
  readonly tone: 'good' | 'warn';
}

export function diskUse({ bytes, capBytes }: Pick<JournalHealth, 'bytes' | 'capBytes'>): DiskUse {
  const share = capBytes === 0 ? 0 : Math.min(1, bytes / capBytes);
  const words = `${formatBytes(bytes)} of ${formatBytes(capBytes)}`;
  return { share, words, tone: share >= fullShare ? 'warn' : 'good' };
}
