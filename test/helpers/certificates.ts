/** Certificates of one's own for tests, valid for a day. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface TestCertificate {
  readonly cert: string; // paths
  readonly key: string;
}

/** @param names as openssl writes them: `IP:127.0.0.1`, `DNS:localhost` */
export function makeCertificate(
  folder: string,
  name: string,
  days = 1,
  names: readonly string[] = ['IP:127.0.0.1'],
): TestCertificate {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', `subjectAltName=${names.join(',')}`];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const args = ['req', '-x509', ...curve, '-nodes', '-days', String(days), ...subject, '-keyout', key, '-out', cert];
  execFileSync('openssl', args, { stdio: 'pipe' });
  return { cert, key };
}
