/**
 * An upstream may answer before it has taken the whole request, and close (413, 429, 401). Its answer then lies in our socket when a write fails
 * with EPIPE or ECONNRESET, and Node would close the socket at that error and lose the answer. Here such an error only ends the writing: the
 * socket is read on until the upstream's FIN or reset comes out of it, as curl does.
 */
import type { Socket } from 'node:net';

type Done = (error?: Error | null) => void;

const takesNoMore: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED']);

/** @param onRefused hears that the other side takes no more; false = nobody reads on, so the error is one as always */
export function outliveWriteErrors(socket: Socket, onRefused: () => boolean): void {
  // A write that is never reported as done keeps the stream from sending more, and from closing itself.
  const outlive =
    (done: Done): Done =>
    (error) => {
      if (!refuses(error) || !onRefused()) done(error);
    };
  const write = socket._write.bind(socket);
  socket._write = (chunk, encoding, done) => write(chunk, encoding, outlive(done));
  const writev = socket._writev?.bind(socket);
  if (writev !== undefined) socket._writev = (chunks, done) => writev(chunks, outlive(done));
}

function refuses(error: Error | null | undefined): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && takesNoMore.has(error.code);
}
