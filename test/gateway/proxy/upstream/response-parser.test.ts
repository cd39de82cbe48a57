import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ResponseParser } from '../../../../gateway/proxy/upstream/response-parser.ts';

interface Seen {
  readonly log: string[];
  readonly body: Buffer;
  readonly fault: string | null;
  readonly done: boolean;
  readonly reusable: boolean;
  readonly finalLast: boolean; // the chunk marked final was the last one
}

function parse(pieces: readonly Buffer[], options: { method?: string; upgrade?: boolean; close?: boolean } = {}): Seen {
  const log: string[] = [];
  const chunks: Buffer[] = [];
  let finals = 0;
  let lastFinal = false;
  const parser = new ResponseParser();
  parser.expect(options.method ?? 'GET', options.upgrade ?? false, {
    information: (head) => void log.push(`1xx ${head.statusCode} ${head.headers.join('|')}`),
    head: (head, framing) =>
      void log.push(`head ${head.statusCode} ${head.reason} ${framing} ${head.headers.join('|')}`),
    body(chunk, final) {
      chunks.push(Buffer.from(chunk));
      lastFinal = final;
      if (final) finals += 1;
    },
    end: (trailers) => void log.push(`end ${trailers.join('|')}`),
  });
  let fault: string | null = null;
  for (const piece of pieces) {
    fault ??= parser.feed(piece);
    if (fault !== null) break;
  }
  if (options.close === true && fault === null) log.push(parser.finish() ? 'closed' : 'cut');
  return {
    log,
    body: Buffer.concat(chunks),
    fault,
    done: parser.done,
    reusable: parser.reusable,
    finalLast: finals === 1 && lastFinal,
  };
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

function cut(whole: Buffer, marks: readonly number[]): Buffer[] {
  const places = [0, ...marks.map((mark) => mark % (whole.length + 1)), whole.length].toSorted((a, b) => a - b);
  return places.slice(1).map((end, index) => whole.subarray(places[index], end));
}

const samples: readonly (readonly [string, string, { method?: string; close?: boolean }])[] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nA: b\r\na: c\r\n\r\nhello world', {}],
  ['no body', 'HTTP/1.1 204 No Content\r\nX: \x80\xff\r\n\r\n', {}],
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n', { method: 'HEAD' }],
  [
    'chunks',
    'HTTP/1.1 200 \r\nTransfer-Encoding: Chunked\r\n\r\n5;x="y"\r\nhello\r\n06 \r\n world\r\n0\r\nT: 1\r\nt:2\r\n\r\n',
    {},
  ],
  [
    'interim answers',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na',
    {},
  ],
  ['until close', 'HTTP/1.0 200 OK\r\nServer: old\r\n\r\nhello world', { close: true }],
  ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\nA: b\n\nok', {}],
  ['bare line feeds and an empty line in its body', 'HTTP/1.1 200 OK\nContent-Length: 8\n\n\r\n\r\nok\n\n', {}],
  ['both ends of line', 'HTTP/1.1 200 OK\r\nContent-Length: 2\nA: b\r\n\nok', {}],
  ['a bare line feed before its empty line', 'HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok', {}],
  ['bare line feeds in an interim answer', 'HTTP/1.1 100 Continue\n\nHTTP/1.1 204 No Content\n\n', {}],
];

test.each(samples)('a response with %s is read the same wherever its bytes are cut', (_name, text, options) => {
  const whole = parse([bytes(text)], options);
  expect(whole.fault).toBeNull();
  expect(whole.done).toBe(true);
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 12 }), (marks) => {
      const pieces = parse(cut(bytes(text), marks), options);
      expect({ ...pieces, finalLast: null }).toEqual({ ...whole, finalLast: null });
    }),
  );
  expect(
    parse(
      [...bytes(text)].map((byte) => Buffer.from([byte])),
      options,
    ).log,
  ).toEqual(whole.log);
});

test.each(samples.filter(([name]) => /line/.test(name)))('%s mean the same as CRLF', (_name, text, options) => {
  const at = text.search(/\r?\n\r?\n(?!HTTP)/);
  const head = text.slice(0, at).replaceAll(/\r?\n/g, '\r\n');
  const body = text.slice(at).replace(/^\r?\n\r?\n/, '');
  expect(parse([bytes(text)], options)).toEqual(parse([bytes(`${head}\r\n\r\n${body}`)], options));
});

test('the chunk that completes a length is marked, and no other', () => {
  expect(parse([bytes('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab'), bytes('c'), bytes('d')]).finalLast).toBe(true);
  expect(parse([bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n')]).finalLast).toBe(
    false,
  );
});

test('any body survives any chunking', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 10 }),
      (chunks, marks) => {
        const coded = chunks.flatMap((chunk) => [
          bytes(`${chunk.length.toString(16).toUpperCase()}\r\n`),
          Buffer.from(chunk),
          bytes('\r\n'),
        ]);
        const whole = Buffer.concat([
          bytes('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'),
          ...coded,
          bytes('0\r\n\r\n'),
        ]);
        const seen = parse(cut(whole, marks));
        expect(seen.done).toBe(true);
        expect(seen.body.equals(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))))).toBe(true);
      },
    ),
  );
});

const ok = 'HTTP/1.1 200 OK\r\n';
test.each([
  ['a bad status line', 'HTTP/2 200 OK\r\n\r\n'],
  ['no status line', '\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['bytes that are no HTTP', '\x15\x03\x03\x00\x02\x02\x46\r\n\r\n'],
  ['a folded line', `${ok}A: b\r\n c\r\n\r\n`],
  ['a field without a name', `${ok}: b\r\n\r\n`],
  ['white space before the colon', `${ok}A : b\r\n\r\n`],
  ['a bare CR', `${ok}A: b\rC: d\r\n\r\n`],
  ['a NUL', `${ok}A: b\0\r\n\r\n`],
  ['both ways of framing', `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['two lengths', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`],
  ['a list of lengths', `${ok}Content-Length: 1, 1\r\n\r\na`],
  ['a signed length', `${ok}Content-Length: +1\r\n\r\na`],
  ['an unknown coding', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n`],
  ['two codings', `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`],
  ['101 without having asked', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
  ['a head of 70 KB', `${ok}A: ${'b'.repeat(70_000)}\r\n\r\n`],
  ['an endless head', `${ok}A: ${'b'.repeat(70_000)}`],
  ['a chunk without size', `${ok}Transfer-Encoding: chunked\r\n\r\n\r\n`],
  ['a chunk size that is no number', `${ok}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n`],
  ['an enormous chunk size', `${ok}Transfer-Encoding: chunked\r\n\r\n${'f'.repeat(17)}\r\n`],
  ['a chunk longer than its size', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n`],
  ['a chunk size ended by LF alone', `${ok}Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n`],
  ['a LF in a chunk extension', `${ok}Transfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n`],
  ['a trailer ended by LF alone', `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\nT: 1\n\r\n`],
  ['a folded trailer', `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\nT: 1\r\n 2\r\n\r\n`],
])('a response with %s is refused', (_name, text) => {
  expect(parse([bytes(text)]).fault).toBeTypeOf('string');
});

test.each([
  ['HTTP/1.1', `${ok}Content-Length: 1\r\n\r\na`, true],
  ['Connection: close', `${ok}Connection: x, Close\r\nContent-Length: 1\r\n\r\na`, false],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na', false],
  ['HTTP/1.0 with keep-alive', 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\na', true],
  ['bytes after the response', `${ok}Content-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\n\r\n`, false],
])('after %s the connection is reusable or not: %j → %s', (_name, text, reusable) => {
  const seen = parse([bytes(text)]);
  expect(seen.done).toBe(true);
  expect(seen.reusable).toBe(reusable);
});

test('a connection that closes early is a cut response', () => {
  expect(parse([bytes(`${ok}Content-Length: 5\r\n\r\nabc`)], { close: true }).log.at(-1)).toBe('cut');
  expect(parse([bytes(`${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n`)], { close: true }).log.at(-1)).toBe(
    'cut',
  );
  expect(parse([bytes('HTTP/1.1 200 O')], { close: true }).log.at(-1)).toBe('cut');
});
