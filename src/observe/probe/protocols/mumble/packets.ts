/** Mumble (mumble-protocol.readthedocs.io: "Protocol stack", "Pinging the server"; measured on mumble-server 1.3.4-4). */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

/** Token of the ping, given back by the server. */
const TOKEN = Buffer.from('sekisho1', 'latin1');
const PING_LENGTH = 24;

export interface MumblePing {
  readonly version: string;
  readonly users: number;
  readonly maximum: number;
}

export function encodePing(): Uint8Array {
  return Buffer.concat([Buffer.alloc(4), TOKEN]);
}

/** Answer to the ping: version (0, major, minor, patch), the token, users, most users, bits a second. */
export function parsePing(received: Uint8Array): MumblePing | undefined {
  if (received.length !== PING_LENGTH || received[0] !== 0) return undefined;
  if (!TOKEN.equals(received.subarray(4, 4 + TOKEN.length))) return undefined;
  const reader = new ByteReader(received);
  const version = [...reader.take(4)].slice(1).join('.');
  reader.skip(TOKEN.length);
  const [users, maximum] = [reader.u32(), reader.u32()];
  const isPlausible = version !== '0.0.0' && users <= maximum && maximum < 1_000_000;
  return isPlausible ? { version, users, maximum } : undefined;
}

export interface MumbleVersion {
  readonly version: string;
  readonly release: string | undefined;
  readonly system: string | undefined;
}

const MAX_MESSAGE = 512;
const VARINT = 0;
const BYTES = 2;

/** The message "Version" (type 0) that a server sends as soon as TLS stands; protocol buffers: 1 version, 2 release, 3 and 4 system. */
export function parseVersion(received: Uint8Array): MumbleVersion | 'more' | undefined {
  const reader = new ByteReader(received);
  const type = reader.u16();
  const length = reader.u32();
  if (reader.short) return received.every((byte) => byte === 0) ? 'more' : undefined;
  if (type !== 0 || length < 4 || length > MAX_MESSAGE) return undefined;
  const message = reader.take(length);
  if (reader.short) return message.length === 0 || message[0] === 0x08 ? 'more' : undefined;
  return readVersion(message);
}

function readVersion(message: Uint8Array): MumbleVersion | undefined {
  const reader = new ByteReader(message);
  let number: number | undefined;
  const texts = new Map<number, string>();
  while (reader.left > 0 && !reader.short) {
    const tag = reader.u8();
    const kind = tag & 7;
    if (kind === VARINT) {
      const value = readVarint(reader);
      if (tag >> 3 === 1) number = value;
    } else if (kind === BYTES) {
      texts.set(tag >> 3, decodeText(reader.take(readVarint(reader)), 100));
    } else return undefined;
  }
  if (reader.short || number === undefined || number < 0x10000 || number > 0xff_ff_ff) return undefined;
  const system = [texts.get(3), texts.get(4)].filter((text) => text !== undefined).join(' ');
  return {
    version: `${number >> 16}.${(number >> 8) & 0xff}.${number & 0xff}`,
    release: texts.get(2),
    system: system === '' ? undefined : system,
  };
}

const MAX_VARINT = 9;

function readVarint(reader: ByteReader): number {
  let value = 0;
  for (let at = 0; at < MAX_VARINT; at += 1) {
    const byte = reader.u8();
    value += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return value;
  }
  reader.short = true;
  return 0;
}
