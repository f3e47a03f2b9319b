import { constants } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import { parseAddress } from '../../../../lib/address.ts';
import type { Connection, TlsConnection } from '../../connection.ts';
import type { ProbeContext } from '../../probe.ts';

export interface OpenTlsOptions {
  /** Host name for SNI; null sends none. Without it the first host name of the context, when there is one. */
  readonly serverName?: string | null;
  readonly alpn?: readonly string[];
}

/**
 * Everything that OpenSSL 3 still has, weak as it may be: the point is to see what stands there, not to trust it.
 * SECLEVEL=0 brings back short keys, SHA-1 and MD5 signatures and, with `minVersion`, TLS 1.0.
 */
const PERMISSIVE: ConnectionOptions = {
  rejectUnauthorized: false,
  checkServerIdentity: () => undefined,
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.3',
  ciphers: [
    'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
    'ALL:COMPLEMENTOFALL:!PSK:!SRP:@SECLEVEL=0',
  ].join(':'),
  minDHSize: 1,
  // RFC 5746: old servers know nothing of secure renegotiation, and OpenSSL 3 hangs up on them without this.
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  // No roots: nothing is verified, and Node would add a root that the server never sent to the chain.
  ca: [],
};

/**
 * TLS by Node's stack over a connection, as permissive as it gets. The certificate is not verified.
 *
 * @throws DialError with status protocol-error or no-answer; the connection is closed then.
 */
export function openTls(
  context: ProbeContext,
  connection: Connection,
  options: OpenTlsOptions = {},
): Promise<TlsConnection> {
  const name = options.serverName === undefined ? serverNameFor(context.hostNames[0]) : options.serverName;
  const serverName = serverNameFor(name);
  return connection.startTls(
    {
      ...PERMISSIVE,
      ...(serverName !== null && { servername: serverName }),
      ...(options.alpn !== undefined && { ALPNProtocols: [...options.alpn] }),
    },
    context.answerTimeoutMs,
  );
}

/** The name as it may stand in SNI, or null: RFC 6066 §3 allows neither addresses nor a trailing dot. */
export function serverNameFor(host: string | null | undefined): string | null {
  if (host === undefined || host === null) return null;
  const name = host.replace(/\.$/, '').toLowerCase();
  if (name === '' || name.length > 253 || !/^[\x21-\x7e]+$/.test(name)) return null;
  return parseAddress(name.replace(/^\[|\]$/g, '')) === undefined && !name.includes(':') ? name : null;
}
