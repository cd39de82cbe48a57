/**
 * A private key is read here, before any network, so that a wrong file or passphrase is told as that and not as a refused login. What comes
 * out is an unencrypted PKCS#8 PEM in memory, the form the driver takes. OpenSSL's own error texts name bytes, not causes: they are kept as the cause and not shown.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SnowflakeFault } from './fault.ts';

const minBits = 2048; // Snowflake's own minimum

/** @throws SnowflakeFault of kind `key` */
export function readPrivateKey(pem: string | null, passphrase: string | null): string {
  const text = pem?.replaceAll('\r\n', '\n').trim() ?? '';
  refuseOtherText(text, passphrase);
  const key = parse(text, passphrase);
  refuseOtherKey(key);
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function refuse(message: string, fix: string, cause?: unknown): never {
  throw new SnowflakeFault('key', message, { fix, cause });
}

const isEncrypted = (text: string) =>
  text.includes('BEGIN ENCRYPTED PRIVATE KEY') || text.includes('Proc-Type: 4,ENCRYPTED');

function refuseOtherText(text: string, passphrase: string | null): void {
  if (text === '') refuse('No private key was given', 'Choose the private key file (PEM, often named rsa_key.p8).');
  if (text.includes('BEGIN PUBLIC KEY')) {
    refuse('This is the public key', 'Choose the private key file; the public key belongs to the user in Snowflake.');
  }
  if (!/-----BEGIN (ENCRYPTED |RSA )?PRIVATE KEY-----/.test(text)) {
    refuse('The private key is not a PEM file', 'Choose a file that begins with -----BEGIN PRIVATE KEY-----.');
  }
  if (isEncrypted(text) && (passphrase === null || passphrase === '')) {
    refuse('The private key is encrypted and no passphrase was given', 'Enter the passphrase of the private key.');
  }
}

function parse(text: string, passphrase: string | null): KeyObject {
  try {
    return createPrivateKey({ key: text, format: 'pem', ...(passphrase === null ? {} : { passphrase }) });
  } catch (cause) {
    if (isEncrypted(text)) {
      return refuse('The private key does not open with this passphrase', 'Enter the passphrase again.', cause);
    }
    return refuse('The private key file is damaged', 'Choose the file again, whole and as it was created.', cause);
  }
}

function refuseOtherKey(key: KeyObject): void {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa') {
    refuse(
      `The private key is ${key.asymmetricKeyType}, Snowflake takes RSA`,
      'Create an RSA key of 2048 bits or more.',
    );
  }
  if (bits < minBits) refuse(`The private key has ${bits} bits`, `Create an RSA key of ${minBits} bits or more.`);
}
