/** Apache JServ Protocol 1.3 (tomcat.apache.org, "The Apache Tomcat Connectors - AJP Protocol Reference"). */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

/** CPing: is there a container? */
export function encodePing(): Uint8Array {
  return Uint8Array.of(0x12, 0x34, 0, 1, 10);
}

/** Nothing but CPong, "AB", one byte 9. */
export function parsePong(received: Uint8Array): true | 'more' | undefined {
  const pong = [0x41, 0x42, 0, 1, 9];
  if (!pong.slice(0, received.length).every((byte, index) => byte === received[index])) return undefined;
  return received.length < pong.length ? 'more' : true;
}

/**
 * GET / as a web server would pass it on. The "remote address" is one of TEST-NET-1 (RFC 5737): the loopback address that
 * other tools put there would get past filters by address.
 */
export function encodeGet(host: string, port: number): Uint8Array {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value, 'latin1').subarray(0, 255);
    return Buffer.concat([Buffer.from([0, bytes.length]), bytes, Buffer.from([0])]);
  };
  const word = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
  const body = Buffer.concat([
    // Forward request, GET.
    Buffer.from([2, 2]),
    text('HTTP/1.1'),
    text('/'),
    text('192.0.2.1'),
    text('192.0.2.1'),
    text(host),
    word(port),
    // Not TLS; one header: Host.
    Buffer.from([0, 0, 1, 0xa0, 0x0b]),
    text(host),
    Buffer.from([0xff]),
  ]);
  return Buffer.concat([Buffer.from([0x12, 0x34]), word(body.length), body]);
}

export interface AjpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** Latin-1 or UTF-8 text, at most 8 KiB. */
  readonly body: string;
  /** The closing packet came. */
  readonly isComplete: boolean;
}

const MAX_BODY = 8 * 1024;
/** Codes 0xA001 to 0xA00B of the reference. */
const HEADERS: readonly string[] = [
  'Content-Type',
  'Content-Language',
  'Content-Length',
  'Date',
  'Last-Modified',
  'Location',
  'Set-Cookie',
  'Set-Cookie2',
  'Servlet-Engine',
  'Status',
  'WWW-Authenticate',
];

const SEND_BODY_CHUNK = 3;
const SEND_HEADERS = 4;
const END_RESPONSE = 5;
const GET_BODY_CHUNK = 6;

/** The packets of one answer: headers first, then pieces of the body, then the end. */
export function parseAnswer(received: Uint8Array): AjpAnswer | 'more' | undefined {
  const reader = new ByteReader(received);
  let head: Pick<AjpAnswer, 'status' | 'headers'> | undefined;
  const pieces: Uint8Array[] = [];
  let isComplete = false;
  while (reader.left > 0 && !isComplete) {
    const packet = readPacket(reader);
    if (packet === undefined) return undefined;
    if (packet === 'more') break;
    const type = packet[0] ?? 0;
    if (type === SEND_HEADERS) head = parseHeaders(packet);
    else if (type === SEND_BODY_CHUNK) pieces.push(chunk(packet));
    else if (type === END_RESPONSE) isComplete = true;
    else if (type !== GET_BODY_CHUNK) return undefined;
    if (head === undefined) return undefined;
  }
  if (head === undefined) return received.length < MAX_BODY ? 'more' : undefined;
  return { ...head, body: decodeText(Buffer.concat(pieces).subarray(0, MAX_BODY), MAX_BODY), isComplete };
}

function readPacket(reader: ByteReader): Uint8Array | 'more' | undefined {
  const magic = [0x41, 0x42];
  const start = reader.bytes.subarray(reader.offset, reader.offset + 2);
  if (!start.every((byte, index) => byte === magic[index])) return undefined;
  reader.skip(2);
  const length = reader.u16();
  if (reader.short) return 'more';
  // The reference's limit for a packet is 8 KiB; Tomcat can be set to 64 KiB.
  if (length === 0) return undefined;
  const packet = reader.take(length);
  return reader.short ? 'more' : packet;
}

function parseHeaders(packet: Uint8Array): Pick<AjpAnswer, 'status' | 'headers'> | undefined {
  const reader = new ByteReader(packet);
  reader.skip(1);
  const status = reader.u16();
  readText(reader);
  const count = reader.u16();
  if (reader.short || status < 100 || status > 599 || count > 100) return undefined;
  const headers: (readonly [string, string])[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = readName(reader);
    const value = readText(reader);
    if (reader.short || name === undefined) return undefined;
    headers.push([name, value]);
  }
  return { status, headers };
}

function readName(reader: ByteReader): string | undefined {
  const [high = 0] = reader.bytes.subarray(reader.offset, reader.offset + 1);
  return high === 0xa0 ? HEADERS[reader.u16() - 0xa001] : readText(reader);
}

/** Length, bytes, one zero. */
function readText(reader: ByteReader): string {
  const bytes = reader.take(reader.u16());
  reader.skip(1);
  return decodeText(bytes, 256);
}

function chunk(packet: Uint8Array): Uint8Array {
  const reader = new ByteReader(packet);
  reader.skip(1);
  return reader.take(reader.u16());
}
