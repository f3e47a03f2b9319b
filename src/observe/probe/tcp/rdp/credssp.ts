import { ByteReader } from '../../../../lib/byte-reader.ts';

/** What a server tells of itself in its NTLM challenge. Texts are bounded; nothing of it is trusted. */
export interface NtlmChallenge {
  readonly computerName?: string;
  readonly domainName?: string;
  readonly dnsComputerName?: string;
  readonly dnsDomainName?: string;
  readonly dnsForestName?: string;
  readonly osBuild?: string;
  readonly systemTime?: string;
}

const NTLM_SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');

/**
 * Flags of our NEGOTIATE_MESSAGE (MS-NLMP 2.2.2.5): Unicode, request target, NTLM, always sign, extended session
 * security, version, 128, 56 and key exchange. Domain and workstation are not supplied: nobody is named.
 */
const NEGOTIATE_FLAGS = 0xe2088205;
const NEGOTIATE_VERSION = 0x02000000;

/** NEGOTIATE_MESSAGE, MS-NLMP 2.2.1.1, without domain and workstation. */
export function encodeNtlmNegotiate(): Uint8Array {
  const message = Buffer.alloc(40);
  NTLM_SIGNATURE.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(NEGOTIATE_FLAGS, 12);
  // Version field: 10.0, revision 15; a server only looks at it for debugging (MS-NLMP 2.2.2.10).
  message.set([10, 0, 0, 0, 0, 0, 0, 15], 32);
  return message;
}

/** TSRequest version 6 that carries one token (MS-CSSP 2.2.1). No credentials: `authInfo` is never sent. */
export function encodeTsRequest(token: Uint8Array): Uint8Array {
  const negoTokens = der(0x30, der(0x30, der(0xa0, der(0x04, token))));
  return der(0x30, Buffer.concat([der(0xa0, der(0x02, Buffer.from([6]))), der(0xa1, negoTokens)]));
}

function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const header = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

/** Whole length of the DER element that begins here; undefined when it is none or longer than a TSRequest can be. */
export function derLength(received: Uint8Array): number | 'more' | undefined {
  if (received.length < 2) return 'more';
  if (received[0] !== 0x30) return undefined;
  const first = received[1] ?? 0;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 3) return undefined;
  if (received.length < 2 + count) return 'more';
  let length = 0;
  for (const byte of received.subarray(2, 2 + count)) length = length * 256 + byte;
  return length > 65_536 ? undefined : 2 + count + length;
}

/**
 * CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2) wherever it stands in a TSRequest: the DER around it differs between servers
 * (length forms, a SPNEGO wrapper), the signature does not.
 */
export function parseNtlmChallenge(received: Uint8Array): NtlmChallenge | undefined {
  const start = Buffer.from(received).indexOf(NTLM_SIGNATURE);
  if (start < 0) return undefined;
  const message = received.subarray(start);
  const reader = new ByteReader(message);
  reader.skip(8);
  if (reader.u32le() !== 2) return undefined;
  reader.skip(8);
  const flags = reader.u32le();
  reader.skip(16);
  const infoLength = reader.u16le();
  reader.skip(2);
  const infoOffset = reader.u32le();
  if (reader.short) return undefined;
  const osBuild = (flags & NEGOTIATE_VERSION) === 0 ? undefined : readVersion(message);
  const pairs = readTargetInfo(message.subarray(infoOffset, infoOffset + infoLength));
  return { ...pairs, ...(osBuild === undefined ? {} : { osBuild }) };
}

function readVersion(message: Uint8Array): string | undefined {
  const reader = new ByteReader(message.subarray(48, 56));
  const [major, minor, build] = [reader.u8(), reader.u8(), reader.u16le()];
  return reader.short || (major === 0 && build === 0) ? undefined : `${major}.${minor}.${build}`;
}

/** AvId of MS-NLMP 2.2.2.1. */
const NAMES: Readonly<Record<number, keyof NtlmChallenge>> = {
  1: 'computerName',
  2: 'domainName',
  3: 'dnsComputerName',
  4: 'dnsDomainName',
  5: 'dnsForestName',
};
const AV_END = 0;
const AV_TIMESTAMP = 7;
const MAX_PAIRS = 20;

function readTargetInfo(info: Uint8Array): NtlmChallenge {
  const reader = new ByteReader(info);
  const found: Record<string, string> = {};
  for (let i = 0; i < MAX_PAIRS; i += 1) {
    const id = reader.u16le();
    const value = reader.take(reader.u16le());
    if (reader.short || id === AV_END) break;
    const name = NAMES[id];
    if (name !== undefined) found[name] = Buffer.from(value).toString('utf16le').slice(0, 255);
    const time = id === AV_TIMESTAMP ? fileTime(new ByteReader(value).u64le()) : undefined;
    if (time !== undefined) found['systemTime'] = time;
  }
  return found;
}

/** FILETIME: 100 ns since 1601. undefined outside the years 1970 to 9999. */
export function fileTime(ticks: bigint): string | undefined {
  const ms = ticks / 10_000n - 11_644_473_600_000n;
  return ms < 0n || ms > 253_402_300_799_999n ? undefined : new Date(Number(ms)).toISOString();
}
