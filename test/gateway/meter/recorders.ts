/** A journal and a hub that remember what they were told: the seams of the meter, without disk and thread. */
import type { InFlightCall } from '../../../contract/gateway-api.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import type { CloseResult, JournalRecord } from '../../../gateway/journal/journal.ts';
import type { RequestHead } from '../../../gateway/proxy/exchange.ts';

export function createRecorders(
  close: (record: JournalRecord, deadlineMs: number) => Promise<CloseResult> = durable(),
) {
  const told: string[] = [];
  const opened: JournalRecord[] = [];
  const progressed: JournalRecord[] = [];
  const closed: JournalRecord[] = [];
  const started: InFlightCall[] = [];
  const news: InFlightCall[] = [];
  const ended: UsageRecord[] = [];
  const note =
    <T>(name: string, list: T[]) =>
    (item: T): void => {
      told.push(name);
      list.push(item);
    };
  const noteClosed = note('close', closed);
  return {
    told,
    opened,
    progressed,
    closed,
    started,
    news,
    ended,
    journal: {
      streamId: 'stream-1',
      open: note('open', opened),
      progress: note('progress', progressed),
      close(record: JournalRecord, deadlineMs: number): Promise<CloseResult> {
        noteClosed(record);
        return close(record, deadlineMs);
      },
    },
    hub: { callStarted: note('started', started), callProgressed: note('news', news), callEnded: note('ended', ended) },
  };
}

export function durable(): () => Promise<CloseResult> {
  let seq = 0;
  return () => {
    seq += 1;
    return Promise.resolve({ durable: true, seq, streamId: 'stream-1' });
  };
}

export function requestHead(overrides: Partial<RequestHead> = {}): RequestHead {
  return {
    callId: '019aa000-0000-7000-8000-000000000001',
    startedAt: new Date('2026-11-20T10:00:00.123Z'),
    upstream: { name: 'gemini', provider: 'google', origin: new URL('https://generativelanguage.googleapis.com') },
    method: 'POST',
    path: '/v1beta/models/gemini-2.5-flash:generateContent',
    query: new URLSearchParams(),
    headers: [
      'content-type',
      'application/json',
      'x-goog-api-key',
      'AIzaSySecret-0123456789-wxyz',
      'user-agent',
      'curl/8.5.0',
    ],
    remoteAddress: '192.0.2.7',
    ...overrides,
  };
}
