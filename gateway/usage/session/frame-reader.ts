/**
 * Whole messages out of a copy of one direction of a WebSocket (RFC 6455), compressed ones unpacked (RFC 7692). What it cannot read ends the
 * reading of that direction, never the session.
 */
import { extension, PerMessageDeflate, Receiver } from 'ws';

/** A longer message is not read; sound arrives in pieces of some kilobytes, and no usage is anywhere near. */
export const longestMessage = 16 * 1024 * 1024;

/** Joining more pieces of one message takes time that grows with their square. */
const mostPieces = 32 * 1024;

export interface FrameReader {
  /** The chunk is not changed. */
  write(chunk: Buffer): void;
  /** Resolves when everything written has been told, or nothing more can be read. */
  settle(): Promise<void>;
  failed(): boolean;
}

export interface FrameReaderOptions {
  readonly from: 'client' | 'server';
  /** `Sec-WebSocket-Extensions` of the 101 answer: what both sides agreed on. */
  readonly extensions: string | null;
  readonly onMessage: (message: Buffer) => void;
}

export function openFrameReader({ from, extensions, onMessage }: FrameReaderOptions): FrameReader {
  const isServer = from === 'client'; // what a client sends is read in the server's role: masked, inflated with the client's window
  const deflate = agreedDeflate(extensions, isServer);
  const receiver = new Receiver({
    isServer,
    maxPayload: longestMessage,
    maxBufferedChunks: mostPieces,
    skipUTF8Validation: true, // the other side judges that
    extensions: deflate === null ? {} : { [PerMessageDeflate.extensionName]: deflate },
  });
  let failed = false;
  const fail = (): void => {
    failed = true;
    deflate?.cleanup();
  };
  receiver.on('message', (data: Buffer) => onMessage(data));
  receiver.on('error', fail);
  return {
    write(chunk) {
      if (failed || receiver.writableEnded) return;
      receiver.write(isServer ? Buffer.from(chunk) : chunk); // unmasking changes the buffer, and the upstream gets the same one
    },
    settle: () =>
      new Promise((resolve) => {
        if (failed || receiver.writableFinished) return resolve();
        receiver.once('close', resolve).once('error', () => resolve());
        receiver.end(() => {
          deflate?.cleanup();
          resolve();
        });
      }),
    failed: () => failed,
  };
}

/** Null when the sides agreed on no compression; what they agreed on and we do not understand shows as frames that cannot be read. */
function agreedDeflate(header: string | null, isServer: boolean): PerMessageDeflate | null {
  if (header === null) return null;
  try {
    const agreed = extension.parse(header)[PerMessageDeflate.extensionName];
    if (agreed === undefined) return null;
    const deflate = new PerMessageDeflate({ isServer, maxPayload: longestMessage });
    deflate.accept(agreed);
    return deflate;
  } catch {
    return null;
  }
}
