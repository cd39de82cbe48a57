/** The baseline of DESIGN §11: a proxy over undici's dispatch that does nothing else. argv: the upstream's origin. First stdout line: its port. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool, type Dispatcher } from 'undici';

const pool = new Pool(process.argv[2] ?? '', { connections: 128, bodyTimeout: 0 });

function forward(req: IncomingMessage, res: ServerResponse): void {
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: () => undefined, // demanded by dispatch
    onResponseStart(controller, statusCode) {
      const raw = controller.rawHeaders;
      res.writeHead(statusCode, Array.isArray(raw) ? raw.map(String) : []);
    },
    onResponseData(controller, chunk) {
      if (!res.write(chunk)) {
        controller.pause();
        res.once('drain', () => controller.resume());
      }
    },
    onResponseEnd() {
      res.end();
    },
    onResponseError(_controller, error) {
      res.destroy(error);
    },
  };
  const headers = { ...req.headers };
  delete headers.host;
  delete headers.connection;
  pool.dispatch(
    {
      path: req.url ?? '/',
      method: (req.method ?? 'GET') as Dispatcher.HttpMethod,
      headers,
      body: req.method === 'GET' ? null : req,
    },
    handler,
  );
}

const server = createServer(forward);
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
process.once('SIGTERM', () => process.exit(0));
