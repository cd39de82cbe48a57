/** What tests do with a gateway that delivers to Snowflake: calls through it, and `Sync now`. */
import { SnowflakeHealth } from '../../contract/snowflake.ts';
import type { TestGateway } from './gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from './scripted-upstream.ts';

const answer = {
  candidates: [{ content: { parts: [{ text: 'hello' }], role: 'model' }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 7, totalTokenCount: 18 },
  modelVersion: 'gemini-2.5-flash',
};

/** An upstream that answers every `generateContent` with 18 tokens. */
export async function startGeminiUpstream(): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream();
  upstream.answer('generateContent', {
    headers: { 'content-type': 'application/json' },
    pieces: [JSON.stringify(answer)],
  });
  return upstream;
}

export async function call(target: TestGateway, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const response = await fetch(new URL('/gemini/v1beta/models/gemini-2.5-flash:generateContent', target.url), {
      method: 'POST',
      headers: { 'x-goog-api-key': 'AIzaTestKey000000', 'x-aism-user': `user-${time % 3}` },
      body: '{"contents":[]}',
    });
    await response.text();
  }
}

export const post = (target: TestGateway, path: string, body: unknown = {}): Promise<Response> =>
  target.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** @throws with the end of the gateway's log when it refuses */
export async function sync(target: TestGateway): Promise<SnowflakeHealth> {
  const response = await post(target, '/api/snowflake/sync');
  if (!response.ok) throw new Error(`${await response.text()}\n${target.log.slice(-5).join('\n')}`);
  return SnowflakeHealth.parse(await response.json());
}
