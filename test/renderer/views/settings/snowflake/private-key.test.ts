import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyKind, keyProblem } from '../../../../../renderer/views/settings/snowflake/private-key.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const plain = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const encrypted = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' })
  .toString();

describe('a pasted key', () => {
  it('is recognised in the two forms that can be used', () => {
    expect([keyKind(plain), keyKind(encrypted), keyKind(`# note\r\n${plain.replaceAll('\n', '\r\n')}`)]).toEqual([
      'plain',
      'encrypted',
      'plain',
    ]);
    expect([keyProblem(plain), keyProblem(encrypted)]).toEqual([null, null]);
  });

  it('in the older form comes with the command that converts it', () => {
    expect(keyProblem(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())).toContain(
      'openssl pkcs8 -topk8',
    );
  });

  it('that is the public one, cut off or something else is refused with the reason', () => {
    expect(keyProblem(publicKey.export({ type: 'spki', format: 'pem' }).toString())).toContain('public key');
    expect(keyProblem(plain.slice(0, 200))).toContain('whole PEM text');
    expect(keyProblem('hello')).toContain('whole PEM text');
  });
});
