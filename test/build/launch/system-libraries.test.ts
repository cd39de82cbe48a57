import { expect, test } from 'vitest';
import { missingFromLdd, missingFromLinkerCache, namesInThisRelease } from '../../../build/launch/system-libraries.mjs';

const lddOfBareDebian = `\tlinux-vdso.so.1 (0x00007ffd0d5f2000)
\tlibffmpeg.so => /cache/electron/libffmpeg.so (0x00007f1e00000000)
\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f1e1c5d0000)
\tlibnss3.so => not found
\tlibgtk-3.so.0 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1e1bfd0000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f1e1c5e0000)
`;

test('ldd names the libraries that are missing', () => {
  expect(missingFromLdd(lddOfBareDebian)).toEqual(['libnss3.so', 'libgtk-3.so.0']);
});

test('nothing is missing where ldd found everything, or where the program is not dynamic', () => {
  expect(missingFromLdd(lddOfBareDebian.replaceAll('not found', '/lib/x.so (0x1)'))).toEqual([]);
  expect(missingFromLdd('\tnot a dynamic executable\n')).toEqual([]);
});

test('a library opened at run time is missing when the linker cache lacks it', () => {
  const cache = '12 libs found in cache\n\tlibgtk-3.so.0 (libc6,x86-64) => /lib/x86_64-linux-gnu/libgtk-3.so.0\n';

  expect(missingFromLinkerCache(cache, ['libgtk-3.so.0'])).toEqual([]);
  expect(missingFromLinkerCache(cache, ['libgtk-3.so'])).toEqual(['libgtk-3.so']);
});

test('each package has the name of the release: the renamed one where it exists, else the older', () => {
  const wanted = [['libasound2t64', 'libasound2'], ['libnss3']];

  expect(namesInThisRelease(wanted, (name) => ['libasound2', 'libnss3'].includes(name))).toEqual([
    'libasound2',
    'libnss3',
  ]);
  expect(namesInThisRelease(wanted, () => true)).toEqual(['libasound2t64', 'libnss3']);
  expect(namesInThisRelease(wanted, () => false)).toEqual(['libasound2', 'libnss3']);
});
