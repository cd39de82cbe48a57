/** Parts of ws that it exports and whose types @types/ws leaves out (wrapper.mjs, lib/receiver.js, lib/permessage-deflate.js, lib/extension.js). */
import type { Writable } from 'node:stream';

declare module 'ws' {
  export interface DeflateOptions {
    readonly isServer: boolean;
    readonly maxPayload: number;
  }

  export class PerMessageDeflate {
    static readonly extensionName: 'permessage-deflate';
    constructor(options: DeflateOptions);
    /** @throws when the parameters do not fit the role */
    accept(configurations: readonly object[]): object;
    cleanup(): void;
  }

  export interface ReceiverOptions {
    readonly isServer: boolean;
    readonly maxPayload: number;
    readonly maxBufferedChunks: number;
    readonly skipUTF8Validation: boolean;
    readonly extensions: Readonly<Record<string, PerMessageDeflate>>;
  }

  /** Emits `message` (data, isBinary) for each whole message, `conclude` for a close frame, `error` for a broken one. Unmasks in place. */
  export class Receiver extends Writable {
    constructor(options: ReceiverOptions);
  }

  export const extension: {
    /** @throws SyntaxError */
    parse(header: string): Readonly<Record<string, readonly object[]>>;
  };
}
