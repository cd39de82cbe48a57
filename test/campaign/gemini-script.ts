/** Scripted Gemini answers for the campaigns: a quick whole one, and a stream slow enough to be in flight when the gateway dies. */
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts';

const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };
const event = (text: string) =>
  JSON.stringify({
    candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, finishReason: 'STOP' }],
    usageMetadata,
    modelVersion: 'gemini-2.5-flash',
  });

export const wholeAnswer = event('whole');
export const quickPath = '/v1beta/models/gemini-2.5-flash:generateContent';
export const slowPath = '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse';

export function scriptGemini(upstream: ScriptedUpstream): void {
  upstream.answer(':generateContent', {
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(wholeAnswer)) },
    pieces: [wholeAnswer],
  });
  upstream.answer(':streamGenerateContent', {
    headers: { 'content-type': 'text/event-stream' },
    pieces: [
      `data: ${event('one')}\n\n`,
      { pauseMs: 120 },
      `data: ${event('two')}\n\n`,
      { pauseMs: 120 },
      `data: ${event('three')}\n\n`,
    ],
  });
}
