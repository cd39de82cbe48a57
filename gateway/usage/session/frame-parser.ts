/**
 * Frames out of a copy of one direction of a WebSocket (RFC 6455, section 5), payload handed over piece by piece as it comes: nothing is held but a
 * frame's head. What is no frame ends the reading.
 */
export interface FrameEvents {
  /** Part of a message; not changed afterwards. */
  onPiece(bytes: Buffer, isCompressed: boolean): void;
  onMessageEnd(isCompressed: boolean): void;
  /** Asked at the start of an uncompressed message: false when nobody needs to read it. */
  wants(): boolean;
}

export interface FrameRules {
  readonly isMasked: boolean; // what a client sends (5.3)
  readonly mayCompress: boolean; // RSV1 marks a compressed message (RFC 7692, section 6)
}

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, pong: 10 } as const;
const longestControl = 125;
const longestHead = 14;

export class FrameParser {
  readonly #rules: FrameRules;
  readonly #events: FrameEvents;
  readonly #head = Buffer.alloc(longestHead);
  #headLength = 0; // bytes of it that came
  #inPayload = false;
  #left = 0; // of the payload
  #maskAt = 0;
  #message: { readonly isCompressed: boolean; readonly isWanted: boolean } | null = null;
  #state: 'open' | 'closed' | 'failed' = 'open';

  constructor(rules: FrameRules, events: FrameEvents) {
    this.#rules = rules;
    this.#events = events;
  }

  failed(): boolean {
    return this.#state === 'failed';
  }

  /** The chunk is not changed. */
  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && this.#state === 'open';)
      at = this.#inPayload ? this.#readPayload(chunk, at) : this.#readHead(chunk, at);
  }

  #readHead(chunk: Buffer, from: number): number {
    const taken = chunk.copy(this.#head, this.#headLength, from, from + this.#headNeeds() - this.#headLength);
    this.#headLength += taken;
    if (this.#headLength === 2 && !this.#isLegal()) this.#state = 'failed';
    else if (this.#headLength >= 2 && this.#headLength === this.#headNeeds()) this.#beginFrame();
    return from + taken;
  }

  /** Bytes the head has, as far as what came of it tells. */
  #headNeeds(): number {
    if (this.#headLength < 2) return 2;
    const length = this.#second & 0x7f;
    return 2 + (length === 127 ? 8 : length === 126 ? 2 : 0) + (this.#isMasked ? 4 : 0);
  }

  #beginFrame(): void {
    this.#left = this.#payloadLength();
    this.#maskAt = 0;
    if (this.#opcode === opcodes.close) this.#state = 'closed';
    if (this.#opcode === opcodes.text || this.#opcode === opcodes.binary) {
      const isCompressed = this.#hasBit(0x40);
      this.#message = { isCompressed, isWanted: isCompressed || this.#events.wants() };
    }
    this.#inPayload = true;
    if (this.#left === 0) this.#endFrame();
  }

  #payloadLength(): number {
    const length = this.#second & 0x7f;
    if (length < 126) return length;
    return length === 126 ? this.#head.readUInt16BE(2) : Number(this.#head.readBigUInt64BE(2));
  }

  #isLegal(): boolean {
    const opcode = this.#opcode;
    if (this.#hasBit(0x30) || this.#isMasked !== this.#rules.isMasked || !Number.isSafeInteger(this.#left))
      return false;
    if (opcode >= opcodes.close)
      return (
        opcode <= opcodes.pong && this.#hasBit(0x80) && !this.#hasBit(0x40) && (this.#second & 0x7f) <= longestControl
      );
    if (opcode === opcodes.continuation) return this.#message !== null && !this.#hasBit(0x40);
    return opcode <= opcodes.binary && this.#message === null && (this.#rules.mayCompress || !this.#hasBit(0x40));
  }

  #readPayload(chunk: Buffer, from: number): number {
    const to = Math.min(chunk.length, from + this.#left);
    this.#left -= to - from;
    if (this.#opcode < opcodes.close && this.#message?.isWanted === true)
      this.#events.onPiece(this.#unmasked(chunk.subarray(from, to)), this.#message.isCompressed);
    if (this.#left === 0) this.#endFrame();
    return to;
  }

  #endFrame(): void {
    this.#inPayload = false;
    this.#headLength = 0;
    if (this.#opcode >= opcodes.close || !this.#hasBit(0x80) || this.#message === null) return;
    const { isCompressed, isWanted } = this.#message;
    this.#message = null;
    if (isWanted) this.#events.onMessageEnd(isCompressed);
  }

  /** A copy where there is a mask: the upstream gets the same bytes. */
  #unmasked(bytes: Buffer): Buffer {
    if (!this.#rules.isMasked) return bytes;
    const mask = this.#head.subarray(this.#headNeeds() - 4, this.#headNeeds());
    const plain = Buffer.allocUnsafe(bytes.length);
    for (let at = 0; at < bytes.length; at += 1) plain[at] = (bytes[at] ?? 0) ^ (mask[(this.#maskAt + at) & 3] ?? 0);
    this.#maskAt = (this.#maskAt + bytes.length) & 3;
    return plain;
  }

  get #opcode(): number {
    return (this.#head[0] ?? 0) & 0x0f;
  }

  get #second(): number {
    return this.#head[1] ?? 0;
  }

  get #isMasked(): boolean {
    return (this.#second & 0x80) !== 0;
  }

  #hasBit(bits: number): boolean {
    return ((this.#head[0] ?? 0) & bits) !== 0;
  }
}
