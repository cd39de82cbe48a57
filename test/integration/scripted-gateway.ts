/** A gateway in front of an upstream that answers as it is told, for all providers that the official clients here speak. */
import type { UsageRecord } from '../../contract/usage-record.ts';
import { allCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';

export interface ScriptedGateway {
  readonly upstream: ScriptedUpstream;
  readonly gateway: TestGateway;
  /** The row of the call with this session, once it is there. */
  rowFor(session: string): Promise<UsageRecord>;
  stop(): Promise<void>;
}

export async function startScriptedGateway(): Promise<ScriptedGateway> {
  const upstream = await startScriptedUpstream();
  const gateway = await startTestGateway({ upstreams: [`gemini=${upstream.url}`, `openai=${upstream.url}`] });
  return {
    upstream,
    gateway,
    rowFor: (session) =>
      waitFor(`the row of ${session}`, async () => (await allCalls(gateway)).find((row) => row.sessionId === session)),
    async stop() {
      await gateway.stop();
      await upstream.stop();
    },
  };
}
