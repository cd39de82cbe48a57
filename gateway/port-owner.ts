/** Who holds a port, and which one is free: for the message of a start that found its port taken. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { AppError } from '../contract/errors.ts';

export const isAddressInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

export async function portInUse(port: number, cause: unknown): Promise<AppError> {
  const [owner, free] = await Promise.all([portOwner(port), freePortNear(port)]);
  const by =
    owner === null ? 'another program' : `process ${owner.pid}${owner.name === null ? '' : ` (${owner.name})`}`;
  const offer = free === null ? 'Choose another one with --port.' : `Port ${free} is free: start with --port ${free}.`;
  return new AppError('port_in_use', `Port ${port} is taken by ${by}. ${offer}`, { field: '--port', cause });
}

/** The process that listens on the port, as far as this user may see it; Linux only, null otherwise. */
export async function portOwner(port: number): Promise<{ readonly pid: number; readonly name: string | null } | null> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return null;
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    if (await holdsSocket(pid, inodes)) {
      return { pid: Number(pid), name: await programName(pid) };
    }
  }
  return null;
}

const listening = '0A'; // TCP_LISTEN in /proc/net/tcp

/** Columns: number, local address:port in hex, remote, state, …, inode (the tenth). */
function listeningInodes(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === listening && local?.endsWith(`:${hexPort}`) === true)
    .flatMap((columns) => columns[9] ?? []);
}

const script = /\.([cm]?[jt]s|jar|php|pl|py|rb)$/;
const runtimes = /^(node|bun|deno|electron|java|perl|php|ruby|python[\d.]*)$/;

/**
 * What a person would call the program: `nginx`, or runtime and script (`node server.js`). The name of its main thread (`comm`) is only the last
 * resort: a Node process calls it `MainThread`. Nothing else of the command line is used, because keys may stand there.
 */
async function programName(pid: string): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [first = '', ...rest] = line.split('\0');
  const program = basename(first.split(': ')[0] ?? ''); // servers rewrite it: `nginx: master process …`
  if (program === '') return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() || null;
  const main = runtimes.test(program) ? rest.find((argument) => script.test(argument)) : undefined;
  return main === undefined ? program : `${program} ${basename(main)}`;
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const directory = `/proc/${pid}/fd`;
  const descriptors = await readdir(directory).catch(() => []); // another user's process
  const links = await Promise.all(
    descriptors.map((descriptor) => readlink(`${directory}/${descriptor}`).catch(() => '')),
  );
  return links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
}

/** One of the ten ports after the wanted one, else any. */
async function freePortNear(wanted: number): Promise<number | null> {
  const near = Array.from({ length: 10 }, (_, index) => wanted + 1 + index).filter((port) => port <= 65_535);
  for (const port of [...near, 0]) {
    const found = await tryPort(port);
    if (found !== null) return found;
  }
  return null;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
