import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SnowflakeFault } from '../../../../gateway/warehouse/snowflake/fault.ts';
import { readPrivateKey } from '../../../../gateway/warehouse/snowflake/private-key.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const plain = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const passphrase = 'correct horse';
const encrypted = privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }).toString();
const pkcs1 = privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();

function faultOf(pem: string | null, given: string | null = null): SnowflakeFault {
  try {
    readPrivateKey(pem, given);
  } catch (error) {
    if (error instanceof SnowflakeFault) return error;
    throw error;
  }
  throw new Error('The key was accepted');
}

describe('a private key', () => {
  it.each([
    ['plain', plain, null],
    ['plain with a passphrase that is not needed', plain, passphrase],
    ['encrypted', encrypted, passphrase],
    ['of the older PKCS#1 form', pkcs1, null],
    ['with Windows line ends and blank lines around', `\r\n${encrypted.replaceAll('\n', '\r\n')}\r\n`, passphrase],
  ])('%s comes out as the same unencrypted PKCS#8', (_, pem, given) => {
    expect(readPrivateKey(pem, given).trim()).toBe(plain.trim());
  });

  const damaged = plain.replace(/^(.{40,64})$/m, (line) => line.slice(5));
  it.each([
    ['is not there', null, null, 'No private key was given'],
    ['is encrypted and comes without a passphrase', encrypted, null, 'no passphrase was given'],
    ['does not open', encrypted, 'wrong', 'does not open with this passphrase'],
    ['is the public one', publicKey.export({ format: 'pem', type: 'spki' }).toString(), null, 'This is the public key'],
    ['is no PEM', 'ssh-rsa AAAAB3NzaC1yc2E', null, 'not a PEM file'],
    ['is damaged', damaged, null, 'damaged'],
  ])('that %s is told by its cause', (_, pem, given, message) => {
    const fault = faultOf(pem, given);
    expect(fault.kind).toBe('key');
    expect(fault.message).toContain(message);
    expect(fault.fix).not.toBeNull();
  });

  it('of another kind or too few bits is told before Snowflake refuses it', () => {
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const pemOf = (key: typeof short) => key.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(faultOf(pemOf(elliptic)).message).toBe('The private key is ec, Snowflake takes RSA');
    expect(faultOf(pemOf(short)).message).toBe('The private key has 1024 bits');
  });
});
