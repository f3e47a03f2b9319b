import { extension, u16, vector } from './wire.ts';
import { TLS10_CIPHERS, TLS12_CIPHERS, TLS13_CIPHERS } from './ciphers.ts';
import { SSL3, TLS10, TLS12, TLS13 } from './versions.ts';

export interface HelloOptions {
  /** Highest version offered; TLS 1.3 is offered alone, so that no older one can be chosen in its place. */
  readonly version: number;
  /** Host name for the server_name extension, RFC 6066 §3; null sends none. Never an address. */
  readonly serverName: string | null;
  readonly ciphers?: readonly number[];
  /** false: no extensions at all, for servers that hang up on them. SSLv3 has none in any case. */
  readonly extensions?: boolean;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** X25519 public key (32 bytes) for TLS 1.3. */
  readonly keyShare?: Uint8Array;
}

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;

/** One record that holds one ClientHello: RFC 8446 §4.1.2, RFC 5246 §7.4.1.2, RFC 6101 §5.6.1.2. */
export function clientHello(options: HelloOptions): Uint8Array {
  const body = helloBody(options);
  const message = Buffer.concat([Buffer.from([CLIENT_HELLO]), vector(3, body)]);
  // RFC 8446 §5.1: the first record says 0x0301 for the sake of old servers; an SSLv3-only server wants 0x0300.
  const recordVersion = options.version === SSL3 ? SSL3 : TLS10;
  return Buffer.concat([Buffer.from([HANDSHAKE_RECORD]), u16(recordVersion), vector(2, message)]);
}

function helloBody({
  version,
  serverName,
  ciphers,
  extensions = true,
  random,
  keyShare,
}: HelloOptions): Buffer {
  const suites = ciphers ?? suitesFor(version);
  const head = Buffer.concat([
    u16(Math.min(version, TLS12)),
    Buffer.from(random.subarray(0, 32)),
    // TLS 1.3 wants a session id when a middlebox that knows only TLS 1.2 looks on, RFC 8446 §D.4.
    vector(1, version === TLS13 ? Buffer.from(random.subarray(0, 32)).reverse() : Buffer.alloc(0)),
    vector(2, Buffer.concat(suites.map(u16))),
    vector(1, Buffer.from([0])),
  ]);
  if (!extensions || version === SSL3) return head;
  const list = extensionsFor(version, serverName, keyShare);
  return Buffer.concat([head, vector(2, Buffer.concat([...list, ...padding(head, list)]))]);
}

function suitesFor(version: number): readonly number[] {
  if (version === TLS13) return TLS13_CIPHERS;
  return version === TLS12 ? TLS12_CIPHERS : TLS10_CIPHERS;
}

function extensionsFor(version: number, serverName: string | null, keyShare?: Uint8Array): Buffer[] {
  const parts: Buffer[] = [];
  if (serverName !== null) parts.push(serverNameExtension(serverName));
  // supported_groups: x25519, secp256r1, secp384r1, secp521r1, secp224r1, secp192r1; RFC 8422 §5.1.1.
  const groups = version === TLS13 ? [29, 23, 24, 25] : [29, 23, 24, 25, 21, 19];
  parts.push(extension(10, vector(2, Buffer.concat(groups.map(u16)))));
  if (version !== TLS13) parts.push(extension(11, vector(1, Buffer.from([0]))));
  if (version >= TLS12) parts.push(extension(13, vector(2, Buffer.concat(SIGNATURE_ALGORITHMS.map(u16)))));
  if (version === TLS13) {
    parts.push(extension(43, vector(1, u16(TLS13))));
    const entry = Buffer.concat([u16(29), vector(2, Buffer.from(keyShare ?? Buffer.alloc(32, 9)))]);
    parts.push(extension(51, vector(2, entry)));
  }
  return parts;
}

/** RFC 8446 §4.2.3, and the MD5, SHA-1, SHA-224 and DSA ones of RFC 5246 §7.4.1.4.1 for the oldest certificates. */
const SIGNATURE_ALGORITHMS: readonly number[] = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501,
  0x0601, 0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0202, 0x0101,
];

/** RFC 7685: hellos of 256 to 511 bytes hang old F5 load balancers; they are made 512 long. */
function padding(head: Buffer, extensions: readonly Buffer[]): Buffer[] {
  const length = 4 + head.length + 2 + Buffer.concat(extensions).length;
  if (length < 256 || length > 511) return [];
  return [extension(21, Buffer.alloc(Math.max(1, 512 - length - 4)))];
}

function serverNameExtension(name: string): Buffer {
  const entry = Buffer.concat([Buffer.from([0]), vector(2, Buffer.from(name.slice(0, 255), 'latin1'))]);
  return extension(0, vector(2, entry));
}
