/** Network Block Device (github.com/NetworkBlockDevice/nbd, doc/proto.md): handshake and NBD_OPT_LIST. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

export type NbdGreeting =
  /** Size in bytes of the one disk that is served to whoever connects. */
  { readonly style: 'old'; readonly size: bigint } | { readonly style: 'new'; readonly flags: number };

const MAGIC = Buffer.from('NBDMAGIC', 'latin1');
const NEW_STYLE = Buffer.from('IHAVEOPT', 'latin1');
const OLD_STYLE = Buffer.from('0000420281861253', 'hex');

export function parseGreeting(received: Uint8Array): NbdGreeting | 'more' | undefined {
  const head = received.subarray(0, 16);
  const isBeginning = [NEW_STYLE, OLD_STYLE].some((style) =>
    Buffer.concat([MAGIC, style]).subarray(0, head.length).equals(head),
  );
  if (!isBeginning) return undefined;
  if (head.length < 16) return 'more';
  const reader = new ByteReader(received.subarray(16));
  if (NEW_STYLE.equals(head.subarray(8))) {
    const flags = reader.u16();
    return reader.short ? 'more' : { style: 'new', flags };
  }
  const [high, low] = [reader.u32(), reader.u32()];
  return reader.short ? 'more' : { style: 'old', size: (BigInt(high) << 32n) | BigInt(low) };
}

const ABORT = 2;
const LIST = 3;

/** Client flags that repeat the server's handshake flags (bits 0 and 1), then NBD_OPT_LIST without data. */
export function encodeList(flags: number): Uint8Array {
  const clientFlags = Buffer.alloc(4);
  clientFlags.writeUInt32BE(flags & 3);
  return Buffer.concat([clientFlags, encodeOption(LIST)]);
}

/** Takes leave: a server that is left without a word calls it an error. */
export function encodeAbort(): Uint8Array {
  return encodeOption(ABORT);
}

function encodeOption(option: number): Uint8Array {
  const request = Buffer.alloc(16);
  NEW_STYLE.copy(request);
  request.writeUInt32BE(option, 8);
  return request;
}

const REPLY_MAGIC = [0x00_03_e8_89, 0x04_55_65_a9] as const;
const ACK = 1;
const SERVER = 2;
const ERROR = 0x80_00_00_00;
const MAX_NAMES = 32;
const MAX_DATA = 8192;

export interface NbdList {
  /** Names of disks, "" for the default one; undefined: the server refuses the list. At most 32. */
  readonly names: readonly string[] | undefined;
  readonly refusal?: string;
}

/** Replies to NBD_OPT_LIST: one for each disk, then an acknowledgement or an error. */
export function parseList(received: Uint8Array): NbdList | 'more' | undefined {
  const reader = new ByteReader(received);
  const names: string[] = [];
  for (;;) {
    const [first, second, option, type, length] = [
      reader.u32(),
      reader.u32(),
      reader.u32(),
      reader.u32(),
      reader.u32(),
    ];
    if (reader.short) return 'more';
    if (first !== REPLY_MAGIC[0] || second !== REPLY_MAGIC[1] || option !== LIST || length > MAX_DATA)
      return undefined;
    const data = reader.take(length);
    if (reader.short) return 'more';
    if (type === ACK) return { names };
    if (type >= ERROR) return { names: undefined, refusal: decodeText(data, 256) };
    if (type !== SERVER) return undefined;
    const name = readName(data);
    if (name === undefined) return undefined;
    names.push(name);
    if (names.length >= MAX_NAMES) return { names };
  }
}

function readName(data: Uint8Array): string | undefined {
  const reader = new ByteReader(data);
  const bytes = reader.take(reader.u32());
  return reader.short ? undefined : decodeText(bytes, 256);
}
