/** Google's Files API as its client sees it (js-genai _uploader, _downloader): resumable upload in pieces, and a download. Keeps no bytes. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UploadedPiece {
  readonly command: string;
  readonly offset: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface FileUpstream {
  readonly url: string;
  readonly pieces: readonly UploadedPiece[];
  readonly download: Buffer;
  stop(): Promise<void>;
}

const file = { name: 'files/abc', mimeType: 'application/pdf', sizeBytes: '20971520', state: 'ACTIVE' };

export async function startFileUpstream(secrets: { uploadId: string; key: string }): Promise<FileUpstream> {
  const pieces: UploadedPiece[] = [];
  const download = Buffer.alloc(3_000_000, 'what was uploaded, and more; ');
  const server = createServer(async (req, res) => {
    const command = String(req.headers['x-goog-upload-command'] ?? '');
    if (req.method === 'GET') return void res.writeHead(200, { 'content-type': 'application/pdf' }).end(download);
    const body = await readBody(req);
    if (command === 'start') return start(res, `http://${req.headers.host}`, secrets);
    if (command.startsWith('upload'))
      pieces.push({ command, offset: Number(req.headers['x-goog-upload-offset']), ...body });
    answer(res, command);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pieces,
    download,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(req: IncomingMessage): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of req) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('a request body is bytes');
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

function start(res: ServerResponse, origin: string, { uploadId, key }: { uploadId: string; key: string }): void {
  res
    .writeHead(200, {
      'x-goog-upload-status': 'active',
      'x-goog-upload-url': `${origin}/upload/v1beta/files?upload_id=${uploadId}&key=${key}`,
    })
    .end();
}

function answer(res: ServerResponse, command: string): void {
  const status = command.includes('finalize') ? 'final' : command === 'cancel' ? 'cancelled' : 'active';
  const body = status === 'final' ? JSON.stringify({ file }) : '';
  res.writeHead(200, { 'content-type': 'application/json', 'x-goog-upload-status': status }).end(body);
}
