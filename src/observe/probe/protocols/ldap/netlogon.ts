import { ByteReader } from '../../../../lib/byte-reader.ts';
import { BER, encodeElement, encodeInteger, encodeOctets, readElements } from '../../ber.ts';
import { OP, encodeMessage, readMessages, textOf } from './packets.ts';

const MAX_NAME = 256;

export interface NetlogonAnswer {
  readonly forest?: string;
  readonly domain?: string;
  readonly hostName?: string;
  readonly netbiosDomain?: string;
  readonly netbiosName?: string;
  readonly serverSite?: string;
  readonly clientSite?: string;
  /** DS_FLAG bits of MS-ADTS 6.3.1.2 as the server sent them. */
  readonly flags: number;
}

/** NtVer with NETLOGON_NT_VERSION_5EX and _5, MS-ADTS 6.3.1.1; little-endian octets in the filter's value. */
const NT_VERSION = Uint8Array.of(0x06, 0, 0, 0);
const AND_FILTER = 0xa0;
const EQUALITY_FILTER = 0xa3;

/** The search that clients send to find a domain controller, MS-ADTS 6.3.3.1; no user, host or domain is named. */
export function encodeNetlogonPing(id: number): Uint8Array {
  const condition = encodeElement(EQUALITY_FILTER, encodeOctets('NtVer'), encodeOctets(NT_VERSION));
  return encodeMessage(
    id,
    encodeElement(
      OP.searchRequest,
      encodeOctets(''),
      encodeInteger(0, BER.enumerated),
      encodeInteger(0, BER.enumerated),
      encodeInteger(0),
      encodeInteger(0),
      encodeElement(BER.boolean, Uint8Array.of(0)),
      encodeElement(AND_FILTER, condition),
      encodeElement(BER.sequence, encodeOctets('Netlogon')),
    ),
  );
}

/** LOGON_SAM_LOGON_RESPONSE_EX and its like with an unknown user. */
const NETLOGON_OPCODES = new Set([0x17, 0x19]);

/** NETLOGON_SAM_LOGON_RESPONSE_EX (MS-ADTS 6.3.1.9) in the attribute "Netlogon" of the one entry of a datagram. */
export function parseNetlogonAnswer(received: Uint8Array): NetlogonAnswer | undefined {
  const [message] = readMessages(received);
  if (message?.tag !== OP.searchResultEntry) return undefined;
  const value = netlogonValue(message.body);
  if (value === undefined) return undefined;
  const reader = new ByteReader(value);
  if (!NETLOGON_OPCODES.has(reader.u16le())) return undefined;
  reader.skip(2);
  const flags = reader.u32le();
  reader.skip(16);
  if (reader.short) return undefined;
  const names = Array.from({ length: 8 }, () => compressedName(value, reader));
  const [forest, domain, hostName, netbiosDomain, netbiosName, , serverSite, clientSite] = names;
  const all = { forest, domain, hostName, netbiosDomain, netbiosName, serverSite, clientSite };
  const known = Object.entries(all).filter(([, name]) => name !== undefined && name !== '');
  return { flags, ...Object.fromEntries(known) };
}

function netlogonValue(body: Uint8Array): Uint8Array | undefined {
  const [, list] = readElements(body) ?? [];
  const [attribute] = readElements(list?.body ?? new Uint8Array()) ?? [];
  const [type, values] = readElements(attribute?.body ?? new Uint8Array()) ?? [];
  if (type === undefined || textOf(type.body).toLowerCase() !== 'netlogon') return undefined;
  return readElements(values?.body ?? new Uint8Array())?.[0]?.body;
}

const MAX_LABELS = 32;

/**
 * A name as in RFC 1035 §4.1.4, its pointers counted from the start of the value; each may only lead backwards, so that
 * reading ends.
 */
function compressedName(value: Uint8Array, reader: ByteReader): string | undefined {
  const labels: string[] = [];
  let at: ByteReader = reader;
  let lowest = value.length;
  while (labels.length < MAX_LABELS) {
    const start = at.offset;
    const length = at.u8();
    if (at.short) return undefined;
    if (length === 0) return labels.join('.').slice(0, MAX_NAME);
    if (length < 0xc0) {
      labels.push(Buffer.from(at.take(length)).toString('utf8'));
      continue;
    }
    const target = ((length & 0x3f) << 8) | at.u8();
    if (at.short || target >= Math.min(start, lowest)) return undefined;
    lowest = target;
    at = new ByteReader(value);
    at.skip(target);
  }
  return undefined;
}
