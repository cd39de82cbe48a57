import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runGateway, startTestGateway } from '../../helpers/gateway-process.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aism-cli-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The last log line, as the desktop app reads it. */
const lastLine = (stderr: string): unknown => JSON.parse(stderr.trim().split('\n').at(-1) ?? '');

describe('a start that cannot be', () => {
  it.each([
    [['--prot', '1'], '--prot', 'Accepted: --host VALUE, --port VALUE'],
    [['--port'], '--port', 'needs a value'],
    [['--port', 'http'], '--port', 'a whole number from 0 to 65535'],
    [['serv'], 'serv', 'Accepted: serve, setup api_usage'],
    [['--port', '0', 'extra'], 'extra', 'is not an option'],
    [['--upstream', 'nonsense'], '--upstream', 'name=url'],
    [['--host', '0.0.0.0'], '--host', '--tls-cert'],
    [['--host', '192.0.2.1', '--tls-cert', '/etc/hostname'], '--tls-key', 'together'],
    [['--config', '/nowhere.json'], '--config', 'JSON'],
  ] as const)('%j ends with code 2 and names what is accepted', async (args, field, accepted) => {
    const { code, stdout, stderr } = await runGateway([...args], { env: { AISM_DATA_DIR: directory } });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(lastLine(stderr)).toMatchObject({ level: 'fatal', code: 'bad_config', field });
    expect(stderr).toContain(accepted);
  });

  it('names the process that holds the port and offers a free one', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stderr } = await runGateway(['--port', String(port), '--data-dir', directory]);
    server.close();
    expect(code).toBe(3);
    expect(lastLine(stderr)).toMatchObject({ code: 'port_in_use', field: '--port' });
    expect(stderr).toMatch(
      new RegExp(
        `Port ${port} is taken by process ${process.pid} \\(.+\\)\\. Port \\d+ is free: start with --port \\d+\\.`,
      ),
    );
  });

  it('names the gateway that holds the data directory, and leaves that one alone', async () => {
    const gateway = await startTestGateway();
    const { code, stderr } = await runGateway(['--port', '0', '--data-dir', gateway.dataDir]);
    expect(code).toBe(3);
    expect(lastLine(stderr)).toMatchObject({ code: 'already_running' });
    expect(stderr).toContain(String(gateway.pid));
    expect((await gateway.fetch('/api/about')).status).toBe(200);
    expect(await gateway.stop()).toBe(0);
  });

  it('says that a data directory cannot be used', async () => {
    writeFileSync(join(directory, 'file'), '');
    const { code, stderr } = await runGateway(['--port', '0', '--data-dir', join(directory, 'file', 'below')]);
    expect(code).toBe(3);
    expect(lastLine(stderr)).toMatchObject({ code: 'data_dir_unusable' });
    expect(stderr).toContain(join(directory, 'file', 'below'));
  });
});

describe('the command', () => {
  it.runIf(process.platform === 'linux')(
    'ends where a folder takes no children, instead of trying for ever',
    async () => {
      const { code, stderr } = await runGateway(['--port', '0', '--data-dir', '/proc/no-such-folder']);
      expect(code).toBe(3);
      expect(lastLine(stderr)).toMatchObject({ code: 'data_dir_unusable' });
    },
  );

  it.each(['export', 'sample'])('%s does not take a mistyped data directory for an empty one', async (command) => {
    const missing = join(directory, 'mistyped');
    const words =
      command === 'sample' ? ['sample', 'remove'] : ['export', '--range', '1h', '--out', join(directory, 'x.csv')];
    const { code, stderr } = await runGateway([...words, '--data-dir', missing]);
    expect(code).toBe(3);
    expect(stderr).toContain('There is no data directory');
    expect(existsSync(missing)).toBe(false);
  });

  it('prints its help and its version', async () => {
    const help = await runGateway(['--help']);
    expect(help.code).toBe(0);
    for (const word of ['export', 'journal check', 'doctor', '--upstream', 'Exit codes'])
      expect(help.stdout).toContain(word);
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect((await runGateway(['--version'])).stdout.trim()).toBe(version);
  });

  it('starts again on a data directory whose gateway was killed', async () => {
    const gateway = await startTestGateway({ dataDir: directory });
    await gateway.kill9();
    const again = await startTestGateway({ dataDir: directory });
    expect(again.pid).not.toBe(gateway.pid);
    expect(again.token).toBe(gateway.token); // what was set up with it goes on working
    expect(await again.stop()).toBe(0);
  });

  it('takes upstreams and settings from the environment and the settings file', async () => {
    const config = join(directory, 'settings.json');
    writeFileSync(config, JSON.stringify({ upstreams: { local: 'http://127.0.0.1:9/base' } }));
    const gateway = await startTestGateway({
      args: ['--config', config],
      env: { AISM_UPSTREAM_OTHER: 'http://127.0.0.1:9' },
    });
    const about = JSON.stringify(await (await gateway.fetch('/api/about')).json());
    expect(about).toContain('"name":"local"');
    expect(about).toContain('"name":"other"');
    await gateway.stop();
  });
});
