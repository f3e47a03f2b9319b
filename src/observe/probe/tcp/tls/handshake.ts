import type { Certificate } from '../../../../model/facts.ts';
import { DialError, type Connection, type TlsConnection } from '../../connection.ts';
import type { ProbeContext } from '../../probe.ts';
import { certificatesOf } from './certificate.ts';
import { suiteGroup } from './ciphers.ts';
import { openTls } from './open.ts';
import type { ServerHello } from './server-hello.ts';
import { SSL3, TLS13, versionName } from './versions.ts';

/** What Node's stack made of the server. */
export interface Handshake {
  readonly version: string | undefined;
  readonly cipher: string | undefined;
  readonly alpn: string | undefined;
  readonly certificates: Certificate[];
}

export interface HandshakeResult {
  readonly handshake: Handshake | undefined;
  /** Whether the server ends the connection of a visitor who has no certificate; undefined when not asked or not told. */
  readonly certificateRequired: boolean | undefined;
}

/** A server of TLS 1.3 refuses after our end of the handshake: an answer is on its way for at most so long. */
const REFUSAL_MS = 1000;

/** The whole handshake by Node's stack, then the end; nothing is said inside. */
export async function shakeHands(
  context: ProbeContext,
  serverName: string | null,
  requested: Promise<ServerHello | undefined>,
): Promise<HandshakeResult> {
  let connection: Connection | undefined;
  try {
    connection = await context.dial();
    const inner = await openTls(context, connection, { serverName, alpn: ['h2', 'http/1.1'] });
    const { tls } = inner;
    const handshake = {
      version: tls.getProtocol() ?? undefined,
      cipher: tls.getCipher().standardName,
      alpn: typeof tls.alpnProtocol === 'string' ? tls.alpnProtocol : undefined,
      certificates: certificatesOf(tls),
    };
    const verdict = certificateDemand(inner, handshake.version, context.answerTimeoutMs);
    await Promise.race([verdict, requested.then((hello) => (hello === undefined ? undefined : verdict))]);
    // Not held while the other hellos wait for a connection of theirs.
    connection.close();
    const isRequested = (await requested) !== undefined;
    return { handshake, certificateRequired: isRequested ? await verdict : undefined };
  } catch (error) {
    context.log.debug({ error }, 'tls handshake failed');
    return { handshake: undefined, certificateRequired: requiredBy(error, await requested) };
  } finally {
    connection?.close();
  }
}

/**
 * Whether a server that asked for a certificate goes on without. Up to TLS 1.2 it has, when the handshake ended well.
 *
 * @returns undefined when it hung up without an alert, which many servers do to a visitor who says nothing.
 */
async function certificateDemand(
  connection: TlsConnection,
  version: string | undefined,
  answerTimeoutMs: number,
): Promise<boolean | undefined> {
  if (version !== versionName(TLS13)) return false;
  let alert: string | undefined;
  connection.tls.once('error', (error) => {
    alert = codeOf(error);
  });
  const wait = Math.min(REFUSAL_MS, answerTimeoutMs);
  const { ended } = await connection.read((received) => received.length > 0, wait);
  if (ended !== 'closed') return false;
  return alert?.includes('ALERT') === true ? true : undefined;
}

/**
 * Up to TLS 1.2 the refusal comes within the handshake, as one of several alerts (OpenSSL handshake_failure, Java
 * bad_certificate, GnuTLS certificate_required) or as the end of the connection (Windows). It counts only when Node could
 * have gone on with what the server chose.
 */
function requiredBy(error: unknown, hello: ServerHello | undefined): true | undefined {
  if (hello === undefined || !(error instanceof DialError) || error.status !== 'protocol-error')
    return undefined;
  const group = suiteGroup(hello.cipher);
  const isWithinReach = hello.version > SSL3 && (group === undefined || group === 'static-rsa');
  return isWithinReach && isByPeer(error.cause) ? true : undefined;
}

/** An alert of the peer or the end of the connection, not a complaint of our own stack. */
function isByPeer(cause: unknown): boolean {
  return cause === undefined || /ALERT|^(?:ECONNRESET|EPIPE)$/.test(codeOf(cause) ?? '');
}

/** "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "ECONNRESET". */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
