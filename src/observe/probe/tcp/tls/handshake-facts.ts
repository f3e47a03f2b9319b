import type { TLSSocket } from 'node:tls';
import type { TlsFacts } from '../../../../model/facts.ts';
import { certificatesOf } from './certificate.ts';

/** Facts of a handshake that Node made inside another protocol, where other TLS versions are not asked for. */
export function handshakeFacts(tls: TLSSocket): TlsFacts {
  const version = tls.getProtocol();
  const cipher = tls.getCipher();
  return {
    handshake: 'complete',
    ...(version === null ? {} : { version }),
    cipher: cipher.standardName,
    sni: typeof tls.servername === 'string' && tls.servername !== '' ? tls.servername : null,
    certificates: certificatesOf(tls),
    versions: [],
    clientCertificateRequested: false,
  };
}
