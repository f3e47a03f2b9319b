/** X Window System Protocol, version 11, "Connection Setup". */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

export type X11Setup =
  | {
      readonly status: 'accepted';
      readonly release: number;
      readonly vendor: string;
      readonly screens: number;
    }
  | { readonly status: 'failed' | 'authenticate'; readonly reason: string };

/** Least significant byte first, protocol 11.0, no authorization name, no authorization data. */
export function encodeSetup(): Uint8Array {
  return Uint8Array.of(0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

const MAX_REASON = 255;
const MAX_VENDOR = 256;

/** The server's answer in the byte order of `encodeSetup`; everything behind the vendor is left unread. */
export function parseSetup(received: Uint8Array): X11Setup | 'more' | undefined {
  const reader = new ByteReader(received);
  const status = reader.u8();
  const reasonLength = reader.u8();
  const [major, minor] = [reader.u16le(), reader.u16le()];
  const units = reader.u16le();
  if (reader.short) return isBeginning(received) ? 'more' : undefined;
  // "Authenticate" carries no version: five bytes that are not used, which servers leave empty.
  const isVersion11 = status === 2 ? major === 0 && reasonLength === 0 : major === 11;
  if (status > 2 || !isVersion11 || minor !== 0 || units === 0) return undefined;
  if (status === 1) return parseAccepted(reader, units);
  const length = status === 0 ? reasonLength : Math.min(units * 4, MAX_REASON);
  return parseReason(reader, status === 0 ? 'failed' : 'authenticate', { length, units });
}

function isBeginning(received: Uint8Array): boolean {
  const [status = 0, , low = 11, high = 0] = received;
  return status === 2 || (status < 2 && low === 11 && high === 0);
}

function parseReason(
  reader: ByteReader,
  status: 'failed' | 'authenticate',
  { length, units }: { readonly length: number; readonly units: number },
): X11Setup | 'more' | undefined {
  // The length in bytes and the length in words of four name one text.
  if (status === 'failed' && Math.ceil(length / 4) !== units) return undefined;
  const bytes = reader.take(length);
  if (!isReadable(bytes)) return undefined;
  if (reader.short) return 'more';
  const reason = decodeText(bytes, MAX_REASON).replaceAll('\0', '').trim();
  return reason === '' ? undefined : { status, reason };
}

/** Reasons are sentences: text of any encoding, with line ends, padded with zeros. */
function isReadable(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0 || byte === 9 || byte === 10 || byte === 13);
}

function parseAccepted(reader: ByteReader, units: number): X11Setup | 'more' | undefined {
  const release = reader.u32le();
  reader.skip(12);
  const vendorLength = reader.u16le();
  reader.skip(2);
  const [screens, formats, imageOrder, bitOrder, scanlineUnit, scanlinePad] = Array.from({ length: 6 }, () =>
    reader.u8(),
  ) as [number, number, number, number, number, number];
  const [lowestKey, highestKey] = [reader.u8(), reader.u8()];
  reader.skip(4);
  if (reader.short) return 'more';
  const isPossible =
    vendorLength <= MAX_VENDOR &&
    screens > 0 &&
    formats > 0 &&
    imageOrder <= 1 &&
    bitOrder <= 1 &&
    [8, 16, 32].includes(scanlineUnit) &&
    [8, 16, 32].includes(scanlinePad) &&
    lowestKey >= 8 &&
    lowestKey <= highestKey &&
    units >= 8 + 2 * formats + Math.ceil(vendorLength / 4) + 10 * screens;
  if (!isPossible) return undefined;
  const vendor = reader.take(vendorLength);
  return reader.short
    ? 'more'
    : { status: 'accepted', release, screens, vendor: decodeText(vendor, MAX_VENDOR) };
}

/**
 * X.Org writes its version as digits of one number: 12101007 is 21.1.7, 12004013 is 1.20.4.13, 70000000 is 7.0.0 (configure.ac,
 * VENDOR_RELEASE; measured on Xvfb 21.1.7). Other makers number as they like.
 */
export function xorgVersion(release: number): string | undefined {
  const generation = Math.floor(release / 10_000_000);
  if (![1, 6, 7].includes(generation)) return undefined;
  const parts = [
    generation,
    Math.floor(release / 100_000) % 100,
    Math.floor(release / 1000) % 100,
    release % 1000,
  ];
  const digits = parts[3] === 0 ? parts.slice(0, 3) : parts;
  // Since 21.1 the 1 in front is kept in the number only (X.Org release notes of 2021-10-27; measured).
  return (generation === 1 && (parts[1] ?? 0) >= 21 ? digits.slice(1) : digits).join('.');
}
