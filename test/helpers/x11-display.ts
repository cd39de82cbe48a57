/** What an X server shows, asked in its own protocol: a window counts when a person could see it, not when the app believes it is there. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const opcodes = { getWindowAttributes: 3, queryTree: 15, getProperty: 20 } as const;
const atoms = { wmName: 39 } as const;
const viewable = 2;
const replyBytes = 32;

export class X11Display {
  readonly #socket: Socket;
  readonly #root: number;
  #received: Buffer;

  private constructor(socket: Socket, root: number, rest: Buffer) {
    this.#socket = socket;
    this.#root = root;
    this.#received = rest;
  }

  /** @param name as in DISPLAY, `:7`; a server that wants a cookie refuses */
  static async open(name: string): Promise<X11Display> {
    const number = /^:(\d+)/.exec(name)?.[1];
    if (number === undefined) throw new Error(`Not a display of this machine: ${name}`);
    const socket = connect(`/tmp/.X11-unix/X${number}`);
    socket.on('error', () => undefined); // the next read says so
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])); // little endian, version 11, no cookie
    let received = await read(socket, Buffer.alloc(0), 8);
    const setupBytes = 8 + received.readUInt16LE(6) * 4;
    received = await read(socket, received, setupBytes);
    if (received[0] !== 1) throw new Error(`The display ${name} refuses this program`);
    const formats = received[29] ?? 0;
    const screen = 40 + padded(received.readUInt16LE(24)) + formats * 8;
    return new X11Display(socket, received.readUInt32LE(screen), received.subarray(setupBytes));
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Titles of the windows that are on the screen; a window manager puts them a level or two below the root. */
  async visibleTitles(): Promise<string[]> {
    return this.#titlesBelow(this.#root, 3);
  }

  async #titlesBelow(window: number, depth: number): Promise<string[]> {
    const tree = await this.#ask(opcodes.queryTree, [window]);
    if (tree === null) return []; // gone meanwhile
    const children = Array.from({ length: tree.readUInt16LE(16) }, (_, at) => tree.readUInt32LE(replyBytes + at * 4));
    const titles: string[] = [];
    for (const child of children) {
      const attributes = await this.#ask(opcodes.getWindowAttributes, [child]);
      if (attributes === null || attributes[26] !== viewable) continue;
      const title = await this.#title(child);
      if (title !== '') titles.push(title);
      if (depth > 1) titles.push(...(await this.#titlesBelow(child, depth - 1)));
    }
    return titles;
  }

  async #title(window: number): Promise<string> {
    const property = await this.#ask(opcodes.getProperty, [window, atoms.wmName, 0, 0, 64]);
    if (property === null) return '';
    const bytes = property.readUInt32LE(16) * ((property[1] ?? 8) / 8);
    return property.subarray(replyBytes, replyBytes + bytes).toString('utf8');
  }

  /** One question after another; null for an error, which is mostly a window that is gone. */
  async #ask(opcode: number, values: readonly number[]): Promise<Buffer | null> {
    const request = Buffer.alloc(4 + values.length * 4);
    request[0] = opcode;
    request.writeUInt16LE(1 + values.length, 2);
    values.forEach((value, at) => request.writeUInt32LE(value, 4 + at * 4));
    this.#socket.write(request);
    this.#received = await read(this.#socket, this.#received, replyBytes);
    const isReply = this.#received[0] === 1;
    const size = replyBytes + (isReply ? this.#received.readUInt32LE(4) * 4 : 0);
    this.#received = await read(this.#socket, this.#received, size);
    const answer = this.#received.subarray(0, size);
    this.#received = this.#received.subarray(size);
    return isReply ? answer : null;
  }
}

const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4;

async function read(socket: Socket, start: Buffer, bytes: number): Promise<Buffer> {
  let received = start;
  while (received.length < bytes) {
    const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    received = Buffer.concat([received, chunk]);
  }
  return received;
}
