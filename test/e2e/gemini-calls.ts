import { GoogleGenAI } from '@google/genai';
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts';

export const model = 'gemini-2.5-flash';
export const usage = { promptTokenCount: 1200, candidatesTokenCount: 340, totalTokenCount: 1540 };

/** Makes the upstream answer generateContent as Google does. */
export function answerGemini(upstream: ScriptedUpstream): void {
  const answer = {
    candidates: [{ content: { role: 'model', parts: [{ text: 'Blue.' }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: usage,
    modelVersion: model,
    responseId: 'e2e',
  };
  upstream.answer(':generateContent', { pieces: [JSON.stringify(answer)] });
}

/** An unmodified SDK client: only its base URL is another. */
export function geminiClient(gatewayUrl: string): GoogleGenAI {
  return new GoogleGenAI({ apiKey: 'AIzaCANARYe2e0000000000', httpOptions: { baseUrl: `${gatewayUrl}/gemini` } });
}

/** One call. @returns when its response had fully arrived, on the performance clock. */
export async function callGemini(client: GoogleGenAI): Promise<number> {
  const { text } = await client.models.generateContent({ model, contents: 'What colour is the sky?' });
  if (text !== 'Blue.') throw new Error(`The answer was changed on its way: ${text}`);
  return performance.now();
}
