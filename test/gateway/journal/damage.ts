/** Seeded damage to a journal file at rest. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';

const pageBytes = 4096;
const tableLeaf = 0x0d;

/** Zeroes the header of the last leaf page of a table: its rows are gone, the file still opens. */
export function damagePage(path: string, which: 'last-leaf'): void {
  withBytes(path, (read, write, size) => {
    for (let offset = size - pageBytes; offset > 2 * pageBytes; offset -= pageBytes) {
      if (which === 'last-leaf' && read(offset, 1)[0] === tableLeaf && (read(offset + 3, 2)[1] ?? 0) > 0)
        return write(offset, Buffer.alloc(64));
    }
    throw new Error('No table leaf page in this file');
  });
}

export type Mutation =
  | 'flip'
  | 'truncate'
  | 'zero-page'
  | 'garbage-page'
  | 'delete-wal'
  | 'flip-wal'
  | 'truncate-wal'
  | 'first-page';
export const mutations: readonly Mutation[] = [
  'flip',
  'truncate',
  'zero-page',
  'garbage-page',
  'delete-wal',
  'flip-wal',
  'truncate-wal',
  'first-page',
];

/** @param random in [0, 1) */
export function damage(path: string, mutation: Mutation, random: () => number): void {
  const place = (size: number): number => Math.floor(random() * size);
  switch (mutation) {
    case 'flip':
      return flip(path, 8, random);
    case 'flip-wal':
      return flip(`${path}-wal`, 4, random);
    case 'truncate':
      return withBytes(path, (_read, _write, size, file) => ftruncateSync(file, place(size)));
    case 'truncate-wal':
      return withBytes(`${path}-wal`, (_read, _write, size, file) => ftruncateSync(file, place(size)));
    case 'delete-wal':
      return rmSync(`${path}-wal`, { force: true });
    case 'zero-page':
      return withBytes(path, (_read, write, size) =>
        write(place(size / pageBytes) * pageBytes, Buffer.alloc(pageBytes)),
      );
    case 'garbage-page':
      return withBytes(path, (_read, write, size) =>
        write(place(size / pageBytes) * pageBytes, Buffer.from(Array.from({ length: pageBytes }, () => place(256)))),
      );
    case 'first-page':
      return withBytes(path, (_read, write) => write(0, Buffer.alloc(pageBytes)));
    default:
      return mutation satisfies never;
  }
}

function flip(path: string, count: number, random: () => number): void {
  withBytes(path, (read, write, size) => {
    for (let index = 0; index < count; index += 1) {
      const at = Math.floor(random() * size);
      const byte = read(at, 1)[0] ?? 0;
      write(at, Buffer.of(byte ^ (1 << Math.floor(random() * 8))));
    }
  });
}

function withBytes(
  path: string,
  change: (
    read: (at: number, bytes: number) => Buffer,
    write: (at: number, bytes: Buffer) => void,
    size: number,
    file: number,
  ) => void,
): void {
  const file = openSync(path, 'r+');
  try {
    const read = (at: number, bytes: number): Buffer => {
      const buffer = Buffer.alloc(bytes);
      readSync(file, buffer, 0, bytes, at);
      return buffer;
    };
    change(read, (at, bytes) => void writeSync(file, bytes, 0, bytes.length, at), fstatSync(file).size, file);
  } finally {
    closeSync(file);
  }
}

/** Replaces one text in the file by another of the same length; throws when it is not there. */
export function replaceBytes(path: string, from: string, to: string): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf(from);
  if (at === -1) throw new Error(`${from} is not in the file`);
  withBytes(path, (_read, write) => write(at, Buffer.from(to)));
}

/** Overwrites every second page from the third on, in a process of its own: an open database in this one keeps its locks. */
export async function scribble(path: string): Promise<void> {
  const script = `
    const fs = require('node:fs');
    const file = fs.openSync(process.argv[1], 'r+');
    const pages = fs.fstatSync(file).size / ${pageBytes};
    for (let page = 4; page < pages; page += 2) fs.writeSync(file, Buffer.alloc(${pageBytes}, 0xa5), 0, ${pageBytes}, page * ${pageBytes});
    fs.fsyncSync(file);
  `;
  await promisify(execFile)(process.execPath, ['-e', script, path]);
}
