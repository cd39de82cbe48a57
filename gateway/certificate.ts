/**
 * The certificate of the port, and its renewal: tools renew the files in place and then expect a service to take them over. Both files are
 * looked at every two seconds and on SIGHUP. A pair that does not fit together, because only half of it is written, changes nothing.
 */
import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { GatewayConfig } from './config.ts';
import type { Log } from './log.ts';

export interface CertificatePair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

type Files = NonNullable<GatewayConfig['tls']>;

export interface CertificateWatch {
  /** Looks now, whatever the times of the files say. */
  look(): Promise<void>;
  stop(): void;
}

export interface CertificateWatchOptions {
  readonly files: Files;
  /** What is served now. */
  readonly current: CertificatePair;
  readonly use: (pair: CertificatePair) => void;
  readonly log: Log;
}

const lookEveryMs = 2000;

export function watchCertificate(options: CertificateWatchOptions): CertificateWatch {
  const { files, log } = options;
  let current = options.current;
  let seen = '';
  let looking: Promise<void> | null = null;
  const takeOver = async (): Promise<void> => {
    const pair = await readPair(files);
    if (pair.cert.equals(current.cert) && pair.key.equals(current.key)) return;
    createSecureContext(pair); // throws where they do not fit together
    options.use(pair);
    current = pair;
    const { validTo, fingerprint256 } = new X509Certificate(pair.cert);
    log.info({ validTo, fingerprint256 }, 'CertificateRenewed');
  };
  const lookAt = async (force: boolean): Promise<void> => {
    try {
      const state = await stateOf(files);
      if (state === seen && !force) return;
      seen = state;
      await takeOver();
    } catch (error) {
      log.warn({ err: error, ...files }, 'CertificateNotRenewed');
    }
  };
  /** One at a time: on a disk that hangs they must not pile up. */
  const look = (force: boolean): Promise<void> =>
    (looking ??= lookAt(force).finally(() => {
      looking = null;
    }));
  const timer = setInterval(() => void look(false), lookEveryMs);
  timer.unref();
  return { look: () => look(true), stop: () => clearInterval(timer) };
}

export async function readPair({ certFile, keyFile }: Files): Promise<CertificatePair> {
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  return { cert, key };
}

/** Changes with every write, and when a link leads to other files. */
async function stateOf({ certFile, keyFile }: Files): Promise<string> {
  const found = await Promise.all([stat(certFile), stat(keyFile)]);
  return found.map(({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`).join();
}
