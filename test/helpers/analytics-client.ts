/** Asks a running gateway's control API the way any client would: over HTTP with the token. */
import { questions, type QuestionAnswer, type QuestionName } from '../../contract/analytics.ts';
import { Health } from '../../contract/gateway-api.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { waitFor } from './wait-for.ts';

export interface ControlAddress {
  readonly url: string;
  readonly token: string;
}

export async function getJson(gateway: ControlAddress, path: string): Promise<unknown> {
  const answer = await fetch(new URL(path, gateway.url), { headers: { authorization: `Bearer ${gateway.token}` } });
  if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

export async function askQuestion<K extends QuestionName>(
  gateway: ControlAddress,
  name: K,
  query = 'range=1h',
): Promise<QuestionAnswer<K>> {
  return questions[name].answer.parse(await getJson(gateway, `/api/analytics/${name}?${query}`)) as QuestionAnswer<K>;
}

export async function health(gateway: ControlAddress): Promise<Health> {
  return Health.parse(await getJson(gateway, '/api/analytics/health'));
}

/** All rows of the last day, oldest first, page by page. */
export async function allCalls(gateway: ControlAddress): Promise<UsageRecord[]> {
  const rows: UsageRecord[] = [];
  let cursor: string | null = null;
  do {
    const page: QuestionAnswer<'calls'> = await askQuestion(
      gateway,
      'calls',
      `range=24h&limit=5000${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    rows.push(...page.calls);
    cursor = page.next;
  } while (cursor !== null);
  return rows.toReversed();
}

/** Waits until exactly this many rows have reached the warehouse and gives them, oldest first. */
export function waitForCalls(gateway: ControlAddress, count: number, timeoutMs = 10_000): Promise<UsageRecord[]> {
  return waitFor(
    `${count} rows`,
    async () => {
      const rows = await allCalls(gateway);
      if (rows.length > count) throw new Error(`${rows.length} rows instead of ${count}`);
      return rows.length === count && rows;
    },
    timeoutMs,
  );
}
