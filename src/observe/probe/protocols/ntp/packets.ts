import { ByteReader } from '../../../../lib/byte-reader.ts';
import { bounded } from '../fields.ts';

/** Our transmit timestamp; a server gives it back as origin (RFC 5905 §8). Its value says nothing about our clock. */
const TRANSMIT = Buffer.from('73656b6973686f21', 'hex');
const HEADER = 48;

/** Client request of version 4 (RFC 5905 §7.3), everything else zero: what sntp sends. */
export function encodeTimeRequest(): Uint8Array {
  const request = Buffer.alloc(HEADER);
  request[0] = 0x23;
  TRANSMIT.copy(request, 40);
  return request;
}

/** Control message "read variables" of the system (RFC 9327 §2 and §4), without naming any. */
export function encodeReadVariables(): Uint8Array {
  return Buffer.from('260200010000000000000000', 'hex');
}

export interface Time {
  readonly version: number;
  /** 0 is a kiss of death, 16 means not synchronised. */
  readonly stratum: number;
  /** Four letters for stratum 0 and 1, an address or a hash above. */
  readonly reference: string;
  /** It gave our transmit timestamp back. */
  readonly isOurs: boolean;
}

/** Lengths with and without a key identifier and digest (RFC 5905 §7.3). */
const LENGTHS: readonly number[] = [HEADER, HEADER + 4, HEADER + 20, HEADER + 24];

/** A server's answer (mode 4) with a precision finer than a second and a poll interval that RFC 5905 allows. */
export function parseTime(received: Uint8Array): Time | undefined {
  if (!LENGTHS.includes(received.length)) return undefined;
  const reader = new ByteReader(received);
  const first = reader.u8();
  const stratum = reader.u8();
  const poll = reader.u8();
  const precision = reader.u8();
  const version = (first >> 3) & 7;
  if ((first & 7) !== 4 || version < 1 || version > 4 || stratum > 16 || poll > 17) return undefined;
  reader.skip(8);
  const reference = reader.take(4);
  reader.skip(8);
  const origin = reader.take(8);
  const isOurs = Buffer.compare(origin, TRANSMIT) === 0;
  // Precision is a power of two in seconds: -4 … -32. A kiss may leave it 0.
  if (!isOurs && (precision < 0xe0 || precision > 0xfc)) return undefined;
  return { version, stratum, reference: referenceText(reference, stratum), isOurs };
}

function referenceText(reference: Uint8Array, stratum: number): string {
  const letters = Buffer.from(reference).toString('latin1').replace(/\0+$/, '');
  const isName = (stratum < 2 || stratum === 16) && /^[\x20-\x7e]{1,4}$/.test(letters);
  return isName ? letters : reference.join('.');
}

/** Variables of a control answer, the first datagram of it: `version`, `system`, `processor`, `stratum` and others. */
export function parseVariables(received: Uint8Array): ReadonlyMap<string, string> | undefined {
  const reader = new ByteReader(received);
  const first = reader.u8();
  const operation = reader.u8();
  reader.skip(2 + 2 + 2);
  const offset = reader.u16();
  const count = reader.u16();
  const isAnswer = (first & 7) === 6 && (operation & 0x80) !== 0 && (operation & 0x1f) === 2;
  const isError = (operation & 0x40) !== 0;
  if (!isAnswer || isError || offset !== 0) return undefined;
  const text = Buffer.from(reader.take(count)).toString('latin1');
  return reader.short ? undefined : readVariables(text);
}

const MAX_VARIABLES = 32;

function readVariables(text: string): ReadonlyMap<string, string> | undefined {
  const variables = new Map<string, string>();
  for (const [, name = '', quoted, plain] of text.matchAll(
    /([a-z_]{1,32})=(?:"([^"]{0,256})"|([^,\s"]{0,128}))/g,
  )) {
    if (variables.size >= MAX_VARIABLES) break;
    variables.set(name, bounded(quoted ?? plain ?? ''));
  }
  return variables.size === 0 ? undefined : variables;
}

/** "DENY", "RATE" and the like of a kiss of death (RFC 5905 §7.4). */
export function isKiss({ stratum }: Time): boolean {
  return stratum === 0;
}
