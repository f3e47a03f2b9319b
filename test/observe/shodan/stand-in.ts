import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

export interface StandIn {
  readonly origin: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

export type Handler = (asked: Asked, response: ServerResponse, nth: number) => void;

/** A local HTTP server, or with a key and certificate HTTPS, in place of Shodan. `nth` counts requests from 1. */
export async function startStandIn(
  handler: Handler,
  tls?: { readonly key: Buffer; readonly cert: Buffer },
): Promise<StandIn> {
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const one = { path: url.pathname, query: url.searchParams, headers: request.headers };
    asked.push(one);
    response.on('error', () => undefined);
    handler(one, response, asked.length);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export function sendJson(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Bodies as the real API sends them. */
export const REAL = {
  unauthorized:
    '<!DOCTYPE html>\n<html><head><title>401 Unauthorized</title></head><body><h1>401 Unauthorized</h1>\n\nThis server could not verify that you are authorized to access the document you requested.  Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.\n</body></html>',
  noCredits: {
    error: 'Insufficient query credits, please upgrade your API plan or wait for the monthly limit to reset',
  },
  upgrade: { error: 'Please upgrade your API plan to use filters or paging.' },
  forbidden: '<html><title>403 Forbidden</title><h1>403 Forbidden</h1>Access denied</html>',
  nothing: { error: 'No information available for that IP.' },
  invalid: { error: 'Invalid IP' },
  slowDown: {
    error:
      'Request rate limit reached (1 request/ second). Please wait a second before trying again and slow down your API calls.',
  },
  badGateway: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
  justAMoment: '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>',
} as const;
