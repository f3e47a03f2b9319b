import { ByteReader } from '../../lib/byte-reader.ts';
import { BER, encodeElement, encodeObjectIdentifier, encodeOctets } from './ber.ts';
import { bounded } from './protocols/fields.ts';

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

const SPNEGO = '1.3.6.1.5.5.2';
const NTLMSSP = '1.3.6.1.4.1.311.2.2.10';

/** The same as the first token of SPNEGO (RFC 4178 §4.2.1) that offers NTLM and nothing else. */
export function encodeSpnegoNegotiate(): Uint8Array {
  const mechanisms = encodeElement(BER.sequence, encodeObjectIdentifier(NTLMSSP));
  const token = encodeElement(
    BER.sequence,
    encodeElement(0xa0, mechanisms),
    encodeElement(0xa2, encodeOctets(encodeNtlmNegotiate())),
  );
  return encodeElement(0x60, encodeObjectIdentifier(SPNEGO), encodeElement(0xa0, token));
}

/**
 * CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2) wherever it stands in an answer of CredSSP, SMB, HTTP or MSRPC: what is around it differs between
 * servers (length forms, a SPNEGO wrapper), the signature does not.
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

/**
 * The challenge in the terms of `ProtocolFacts.fields`: computer-name, domain-name, dns-computer-name, dns-domain-name,
 * dns-forest-name, os-build, system-time (ISO-8601 UTC). Samba leaves some empty; those are left out.
 */
export function ntlmFields(challenge: NtlmChallenge): [string, string][] {
  return FIELD_NAMES.flatMap(([key, name]): [string, string][] => {
    const value = challenge[key];
    return value === undefined || value === '' ? [] : [[name, bounded(value)]];
  });
}

const FIELD_NAMES: readonly (readonly [keyof NtlmChallenge, string])[] = [
  ['computerName', 'computer-name'],
  ['domainName', 'domain-name'],
  ['dnsComputerName', 'dns-computer-name'],
  ['dnsDomainName', 'dns-domain-name'],
  ['dnsForestName', 'dns-forest-name'],
  ['osBuild', 'os-build'],
  ['systemTime', 'system-time'],
];

/** FILETIME: 100 ns since 1601. undefined outside the years 1970 to 9999. */
export function fileTime(ticks: bigint): string | undefined {
  const ms = ticks / 10_000n - 11_644_473_600_000n;
  return ms < 0n || ms > 253_402_300_799_999n ? undefined : new Date(Number(ms)).toISOString();
}
