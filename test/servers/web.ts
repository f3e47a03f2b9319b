import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { TlsOptions } from 'node:tls';
import { certificate, type CertificateName } from './certificates.ts';
import { running, type Listening, type Place } from './listening.ts';

export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

export interface Site {
  /** Path without query → page. */
  readonly pages: Readonly<Record<string, Page>>;
  /** For every other path; 404 without it. */
  readonly otherwise?: Page;
}

export interface WebOptions extends Place, Site {
  /** With a certificate the server speaks HTTPS, without one HTTP. */
  readonly certificate?: CertificateName;
  readonly tls?: Pick<TlsOptions, 'minVersion' | 'maxVersion' | 'ciphers' | 'requestCert'>;
}

/** An HTTP or HTTPS server with fixed pages. Requests that could change something are witnessed. */
export async function startWeb(options: WebOptions): Promise<Listening> {
  const events: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume();
    const method = request.method ?? '';
    // Safe methods: RFC 9110 §9.2.1.
    if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) events.push(`http ${method} ${request.url ?? ''}`);
    if (request.headers.authorization !== undefined) events.push(`http authorization ${request.url ?? ''}`);
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const page = options.pages[path] ?? options.otherwise ?? notFound(options);
    response.writeHead(page.status, toHeaders(page));
    response.end(method === 'HEAD' ? undefined : page.body);
  };
  const server =
    options.certificate === undefined
      ? createHttp(answer)
      : createHttps(
          { ...certificate(options.certificate), rejectUnauthorized: false, ...options.tls },
          answer,
        );
  server.requestTimeout = 30_000;
  server.headersTimeout = 20_000;
  server.on('clientError', (_, socket) => socket.destroy());
  return running(server, options, events);
}

/** One page that sends every visitor elsewhere. */
export function redirectTo(location: string, status = 302): Page {
  return { status, headers: { Location: location, 'Content-Type': 'text/html' }, body: '' };
}

function toHeaders(page: Page): Record<string, string | string[] | number> {
  const headers: Record<string, string | string[] | number> = {
    'Content-Length': Buffer.byteLength(page.body),
  };
  for (const [name, value] of Object.entries(page.headers)) {
    headers[name] = typeof value === 'string' ? value : [...value];
  }
  return headers;
}

/** Real servers name themselves on error pages too. */
function notFound(site: Site): Page {
  const server = site.pages['/']?.headers['Server'];
  return {
    status: 404,
    headers: { 'Content-Type': 'text/html', ...(server !== undefined && { Server: server }) },
    body: '<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>',
  };
}
