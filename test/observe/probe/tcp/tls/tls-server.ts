import { readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

const fixtures = new URL('../../../../fixtures/tls/', import.meta.url);
export const pem = (file: string): string => readFileSync(new URL(file, fixtures), 'utf8');
export const der = (file: string): Buffer =>
  Buffer.from(pem(file).replace(/-----[^-]+-----|\s/g, ''), 'base64');
export const identity = (name: string): { key: string; cert: string } => ({
  key: pem(`${name}.key`),
  cert: pem(`${name}.crt`),
});

/** TLS server on a free port of 127.0.0.1 that keeps quiet. */
export async function tlsServer(options: TlsOptions): Promise<{ port: number; server: Server }> {
  const server = createServer({ ciphers: 'ALL:@SECLEVEL=0', minVersion: 'TLSv1', ...options }, (socket) =>
    socket.on('error', () => undefined),
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}
