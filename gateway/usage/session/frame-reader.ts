/**
 * The messages in a copy of one direction of a WebSocket, piece by piece, compressed ones unpacked: what is held of a message that does not end is
 * bounded, whatever its length. What it cannot read ends the reading of that direction, never the session.
 */
import { FrameParser } from './frame-parser.ts';
import { MessageInflater } from './message-inflater.ts';

export interface FrameReader {
  /** The chunk is not changed. */
  write(chunk: Buffer): void;
  /** Resolves when everything written has been handed over, or nothing more can be read. */
  settle(): Promise<void>;
  failed(): boolean;
}

export interface FrameReaderOptions {
  readonly from: 'client' | 'server';
  /** `Sec-WebSocket-Extensions` of the 101 answer: what both sides agreed on. */
  readonly extensions: string | null;
  /** A piece of a message, not changed afterwards; the last one, which is empty, ends it. */
  readonly onPiece: (piece: Buffer, isLast: boolean) => void;
  /** False while no message need be read. */
  readonly wants?: () => boolean;
}

const nothing = Buffer.alloc(0);

export function openFrameReader({ from, extensions, onPiece, wants = () => true }: FrameReaderOptions): FrameReader {
  const deflate = agreedDeflate(extensions, from);
  const onMessageEnd = (): void => onPiece(nothing, true);
  const inflater =
    deflate === null
      ? null
      : new MessageInflater({ ...deflate, onPiece: (bytes) => onPiece(bytes, false), onMessageEnd });
  const parser = new FrameParser(
    { isMasked: from === 'client', mayCompress: inflater !== null },
    {
      wants,
      onPiece: inflater === null ? (bytes) => onPiece(bytes, false) : (...piece) => inflater.write(...piece),
      onMessageEnd: inflater === null ? onMessageEnd : (isCompressed) => inflater.endMessage(isCompressed),
    },
  );
  const failed = (): boolean => parser.failed() || (inflater?.failed() ?? false);
  return {
    write(chunk) {
      if (!failed()) parser.write(chunk);
    },
    settle: async () => inflater?.settle(),
    failed,
  };
}

/** Null when the sides agreed on no compression; what they agreed on and we do not understand shows as frames that cannot be read. */
function agreedDeflate(header: string | null, from: 'client' | 'server'): { readonly forgetsContext: boolean } | null {
  const parameters = /(?:^|,)\s*permessage-deflate\s*((?:;[^,]*)?)(?:,|$)/i.exec(header ?? '')?.[1];
  return parameters === undefined ? null : { forgetsContext: parameters.includes(`${from}_no_context_takeover`) };
}
