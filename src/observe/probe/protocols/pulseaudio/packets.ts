/** PulseAudio, native protocol (src/pulsecore/native-common.h, tagstruct.h; measured on PulseAudio 16.1). */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

const GET_SERVER_INFO = 20;
const TAG_U32 = 0x4c;
const TAG_STRING = 0x74;

/** GET_SERVER_INFO without logging in first: served by a server that lets everybody in, refused by all others. */
export function encodeServerInfo(): Uint8Array {
  const payload = Buffer.from([TAG_U32, 0, 0, 0, GET_SERVER_INFO, TAG_U32, 0, 0, 0, 0]);
  const descriptor = Buffer.alloc(20);
  descriptor.writeUInt32BE(payload.length, 0);
  descriptor.writeUInt32BE(0xff_ff_ff_ff, 4);
  return Buffer.concat([descriptor, payload]);
}

export type ServerInfo =
  | { readonly status: 'refused' }
  | {
      readonly status: 'served';
      readonly name: string;
      readonly version: string;
      readonly userName: string;
      readonly hostName: string;
    };

const MAX_PAYLOAD = 4096;
const COMMAND_ERROR = 0;
const COMMAND_REPLY = 2;

/** Descriptor (length, channel of control messages, no offset, no flags), then tagged values. */
export function parseServerInfo(received: Uint8Array): ServerInfo | 'more' | undefined {
  const reader = new ByteReader(received);
  const [length, channel] = [reader.u32(), reader.u32()];
  if (received.length >= 8 && (channel !== 0xff_ff_ff_ff || length < 10 || length > MAX_PAYLOAD))
    return undefined;
  const rest = [reader.u32(), reader.u32(), reader.u32()];
  if (reader.short) return 'more';
  if (rest.some((word) => word !== 0)) return undefined;
  const payload = reader.take(length);
  return reader.short ? 'more' : parsePayload(new ByteReader(payload));
}

function parsePayload(reader: ByteReader): ServerInfo | undefined {
  const command = readNumber(reader);
  const tag = readNumber(reader);
  if (command === undefined || tag !== 0) return undefined;
  if (command === COMMAND_ERROR) return readNumber(reader) === undefined ? undefined : { status: 'refused' };
  if (command !== COMMAND_REPLY) return undefined;
  const texts = Array.from({ length: 4 }, () => readString(reader));
  const [name, version, userName, hostName] = texts;
  if (name === undefined || version === undefined || userName === undefined || hostName === undefined)
    return undefined;
  return { status: 'served', name, version, userName, hostName };
}

function readNumber(reader: ByteReader): number | undefined {
  const isNumber = reader.u8() === TAG_U32;
  const value = reader.u32();
  return reader.short || !isNumber ? undefined : value;
}

/** Bytes up to a zero. */
function readString(reader: ByteReader): string | undefined {
  const isString = reader.u8() === TAG_STRING;
  const end = reader.bytes.indexOf(0, reader.offset);
  if (reader.short || !isString || end < 0) return undefined;
  const text = decodeText(reader.take(end - reader.offset), 256);
  reader.skip(1);
  return text;
}
