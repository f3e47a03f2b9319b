/** Remote control of LANDesk (now Ivanti Endpoint Manager), as nmap's users sent the answers in; not published by the maker. */
import { ByteReader } from '../../../../lib/byte-reader.ts';

const MAX_LENGTH = 1024;

/** "TNMP", length 4 (least significant byte first), "TNME", kind. */
export function encodeQuery(): Uint8Array {
  return Buffer.from('544e4d5004000000544e4d4500000400', 'hex');
}

export interface LandeskAnswer {
  /** "Desktop Manager 8.7", when it is said. */
  readonly product?: string;
}

/** "TNMP", length, "TNME", then "USER" with the names of computer and user, which are not kept. */
export function parseAnswer(received: Uint8Array): LandeskAnswer | 'more' | undefined {
  const head = Buffer.from(received.subarray(0, 4)).toString('latin1');
  if (!'TNMP'.startsWith(head)) return undefined;
  const reader = new ByteReader(received);
  reader.skip(4);
  const length = reader.u32le();
  const mark = reader.latin1(4);
  if (reader.short) return 'more';
  if (length < 4 || length > MAX_LENGTH || mark !== 'TNME') return undefined;
  // Our own question is that long: said back, it is no answer.
  if (received.length <= 16) return 'more';
  const text = Buffer.from(received.subarray(0, MAX_LENGTH)).toString('latin1');
  const product = /Desktop Manager \d{1,2}\.\d{1,2}/.exec(text)?.[0];
  return product === undefined ? {} : { product };
}
