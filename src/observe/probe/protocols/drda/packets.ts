/** Distributed Relational Database Architecture, volume 3 (Distributed Data Management): EXCSAT and EXCSATRD. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

const EXCSAT = 0x1041;
const EXCSATRD = 0x1443;
const DDM = 0xd0;

/** An exchange of attributes in which the client says nothing about itself: ten bytes. */
export function encodeExchange(): Uint8Array {
  return Uint8Array.of(0, 10, DDM, 0x01, 0, 1, 0, 4, EXCSAT >> 8, EXCSAT & 0xff);
}

export interface Attributes {
  /** SRVCLSNM: "QDB2/LINUXX8664", "Apache Derby". */
  readonly className?: string;
  /** SRVRLSLV: "SQL11055", "CSS10140/10.14.2.0". */
  readonly release?: string;
  /** SRVNAM and EXTNAM: names of the machine and of the program. */
  readonly serverName?: string;
  readonly externalName?: string;
}

const NAMES: Readonly<Record<number, keyof Attributes>> = {
  0x1147: 'className',
  0x115a: 'release',
  0x116d: 'serverName',
  0x115e: 'externalName',
};
const MAX_PACKET = 2048;

export function parseAttributes(received: Uint8Array): Reading<Attributes> {
  const reader = new ByteReader(received);
  const length = reader.u16();
  const magic = reader.u8();
  if (received.length > 2 && magic !== DDM) return undefined;
  const format = reader.u8();
  reader.skip(2);
  const objectLength = reader.u16();
  const codePoint = reader.u16();
  if (reader.short) return 'more';
  // Format 2 is a reply, with bits above it for chaining.
  const isReply = (format & 0x0f) === 2 && codePoint === EXCSATRD;
  if (!isReply || length > MAX_PACKET || objectLength > length - 6 || objectLength < 8) return undefined;
  const body = new ByteReader(reader.take(objectLength - 4));
  return reader.short ? 'more' : readParameters(body);
}

function readParameters(body: ByteReader): Attributes | undefined {
  const found: { -readonly [name in keyof Attributes]: string } = {};
  while (body.left > 0) {
    const length = body.u16();
    const name = NAMES[body.u16()];
    if (length < 4) return undefined;
    const value = body.take(length - 4);
    if (name !== undefined) found[name] = decode(value).trim();
  }
  return body.short || found.className === undefined ? undefined : found;
}

/** EBCDIC (code page 500) by code, the printable part that names are made of. */
const EBCDIC = new Map<number, string>(
  (
    [
      [0x40, ' '],
      [0x4b, '.<(+'],
      [0x50, '&'],
      [0x5b, '$*);'],
      [0x60, '-/'],
      [0x6b, ',%_>?'],
      [0x7a, ':#@\'="'],
      [0x81, 'abcdefghi'],
      [0x91, 'jklmnopqr'],
      [0xa2, 'stuvwxyz'],
      [0xc1, 'ABCDEFGHI'],
      [0xd1, 'JKLMNOPQR'],
      [0xe2, 'STUVWXYZ'],
      [0xf0, '0123456789'],
    ] as const
  ).flatMap(([start, letters]) => [...letters].map((letter, at): [number, string] => [start + at, letter])),
);

/** Letters and digits have their highest bit set in EBCDIC and not in ASCII, which newer servers use when asked to. */
function decode(bytes: Uint8Array): string {
  const isEbcdic = bytes.some((byte) => byte >= 0x80);
  if (!isEbcdic && bytes.some((byte) => byte !== 0x40)) return Buffer.from(bytes).toString('latin1');
  return [...bytes].map((byte) => EBCDIC.get(byte) ?? '\ufffd').join('');
}

/** "SQL11055" and "DSN12015" → 11.5.5, 12.1.5; "QSQ07040" → 7.4.0; "CSS10140/10.14.2.0" → 10.14.2.0. */
export function versionOf(release: string): string | undefined {
  const written = /\/(\d{1,3}(?:\.\d{1,4}){1,3})/.exec(release)?.[1];
  if (written !== undefined) return written;
  const digits = /^(?:SQL|DSN|QSQ|ARI|IFX)(\d{2})(\d{2})(\d)/.exec(release);
  return digits?.slice(1).map(Number).join('.');
}
