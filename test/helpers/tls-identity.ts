/** A certificate for `localhost` that this process trusts until `forget` is called. */
import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
  forget(): void;
}

export function trustTestCertificate(): TlsIdentity {
  const pem = readFileSync(new URL('../gateway/proxy/fixtures/self-signed.pem', import.meta.url), 'utf8');
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))]);
  return { key: pem, cert: pem, forget: () => setDefaultCACertificates(trusted) };
}
