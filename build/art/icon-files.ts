/** Icon files of Windows and macOS, which hold ready PNG pictures, so no converter has to be fetched when the app is packed. */

export interface SizedPng {
  readonly size: number; // pixels, width and height
  readonly png: Buffer;
}

/** ICO with PNG entries, read by Windows Vista and later (https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10)). */
export function encodeIco(pictures: readonly SizedPng[]): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2); // an icon, not a cursor
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length + pictures.length * 16;
  const entries = pictures.map(({ size, png }) => {
    const entry = Buffer.alloc(16);
    entry.writeUInt8(size === 256 ? 0 : size, 0); // 0 stands for 256
    entry.writeUInt8(size === 256 ? 0 : size, 1);
    entry.writeUInt16LE(1, 4); // colour planes
    entry.writeUInt16LE(32, 6); // bits a pixel
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...pictures.map(({ png }) => png)]);
}

/** Types of PNG members in an ICNS file by pixel size (https://en.wikipedia.org/wiki/Apple_Icon_Image_format). */
const icnsTypes: Readonly<Record<number, readonly string[]>> = {
  32: ['ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

/** ICNS: members of type, length and PNG. Sizes it has no PNG type for are left out. */
export function encodeIcns(pictures: readonly SizedPng[]): Buffer {
  const members = pictures.flatMap(({ size, png }) => (icnsTypes[size] ?? []).map((type) => member(type, png)));
  return member('icns', Buffer.concat(members));
}

function member(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32BE(data.length + head.length, 4);
  return Buffer.concat([head, data]);
}
