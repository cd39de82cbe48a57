import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curlCommand } from '../../../renderer/views/live/curl-command.ts';

const url = 'http://127.0.0.1:8787';
const gemini = {
  upstream: 'gemini',
  provider: 'google',
  method: 'POST',
  endpoint: '/v1beta/models/{model}:streamGenerateContent',
  model: 'gemini-2.5-flash',
  modelRequested: 'gemini-flash-latest',
  streamed: true,
} as const;

/** What a shell makes of the command: its arguments, with curl replaced by a program that prints them. */
function argumentsOf(command: string): string[] {
  const script = `curl() { printf '%s\\n' "$@"; }; ${command}`;
  const env = { PATH: process.env['PATH'], GEMINI_API_KEY: 'key-of-mine' };
  return execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).trimEnd().split('\n');
}

describe('a call as a curl command', () => {
  it('has the address and headers of its API, and says where body and key come from', () => {
    expect(argumentsOf(curlCommand(gemini, url))).toEqual([
      '--globoff',
      `${url}/gemini/v1beta/models/gemini-flash-latest:streamGenerateContent?alt=sse`,
      '-H',
      'x-goog-api-key: key-of-mine',
      '-H',
      'content-type: application/json',
      '--data',
      '@request.json',
    ]);
  });

  it('has no body where the method takes none, and keeps what cannot be known as it is', () => {
    const file = { ...gemini, method: 'DELETE', endpoint: '/v1beta/files/{id}', model: null, modelRequested: null };
    expect(argumentsOf(curlCommand(file, url)).slice(0, 4)).toEqual([
      '--globoff',
      `${url}/gemini/v1beta/files/{id}`,
      '-X',
      'DELETE',
    ]);
    expect(curlCommand(file, url)).not.toContain('--data');
  });

  it.each([`x'; echo owned; '`, '$(echo owned)', '`echo owned`', 'a\necho owned', '"!!'])(
    'runs nothing that a model is called: %j',
    (model) => {
      const [, address, ...others] = argumentsOf(curlCommand({ ...gemini, modelRequested: model }, url));
      expect(new URL(address ?? '').pathname).toBe(
        `/gemini/v1beta/models/${encodeURIComponent(model).replaceAll("'", '%27')}:streamGenerateContent`,
      );
      expect(others).toHaveLength(6);
    },
  );
});
