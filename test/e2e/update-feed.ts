/** A feed of updates on loopback, and the newest version in it: a script in place of an AppImage, which notes that it was started. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

export interface UpdateFeed {
  /** Paths asked for so far. */
  readonly asked: readonly string[];
  /** Environment of an app that looks here. */
  readonly env: Readonly<Record<string, string>>;
  readonly appImage: string;
  readonly startedMark: string;
  stop(): void;
}

export async function startUpdateFeed(
  folder: string,
  options: { readonly damaged?: boolean } = {},
): Promise<UpdateFeed> {
  const startedMark = join(folder, 'new-version-started');
  const program = Buffer.from(`#!/bin/sh\necho "$0" > '${startedMark}'\n`);
  const sum = createHash('sha512')
    .update(options.damaged === true ? 'something else' : program)
    .digest('base64');
  const about = [
    'version: 9.9.9',
    `files:\n  - url: monitor.AppImage\n    sha512: ${sum}\n    size: ${program.length}`,
    `path: monitor.AppImage\nsha512: ${sum}\nreleaseDate: '2026-11-24T00:00:00.000Z'\n`,
  ].join('\n');
  const files = new Map([
    ['/latest-linux.yml', Buffer.from(about)],
    ['/monitor.AppImage', program],
  ]);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    asked.push(path);
    const file = files.get(path);
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const config = join(folder, 'app-update.yml');
  await writeFile(config, `provider: generic\nurl: http://127.0.0.1:${port}\nupdaterCacheDirName: aism-update-test\n`);
  const appImage = join(folder, 'monitor.AppImage');
  await writeFile(appImage, 'the old version');
  const env = { AISM_UPDATE_CONFIG: config, APPIMAGE: appImage, XDG_CACHE_HOME: join(folder, 'cache') };
  return { asked, env, appImage, startedMark, stop: () => void server.close() };
}
