/** Requests as bytes on a socket, for what no HTTP client would send. */
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends the bytes and reads until the server closes or `untilMs` passed. */
export function sendRaw(port: number, text: string, untilMs = 3000): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let all = '';
    const timer = setTimeout(() => socket.destroy(), untilMs);
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => (all += String(chunk)));
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      const [head = '', body = ''] = all.split('\r\n\r\n', 2);
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body });
    });
  });
}

/** A request head; header lines as they shall stand on the wire. */
export const rawRequest = (method: string, target: string, headers: readonly string[], body = ''): string =>
  `${[`${method} ${target} HTTP/1.1`, ...headers, ...(headers.some((line) => /^connection:/i.test(line)) ? [] : ['Connection: close'])].join('\r\n')}\r\n\r\n${body}`;
