/** SPICE remote display, link stage (spice-space.org, "Spice Protocol"; spice/protocol.h). */
import { ByteReader } from '../../../../lib/byte-reader.ts';

const MAGIC = Buffer.from('REDQ', 'latin1');
const MAIN_CHANNEL = 1;
/** Common capabilities: authentication is selected, SPICE's own, small headers. */
const CAPABILITIES = 0b1011;
const LINK_MESSAGE = 18;

/** The link message for the main channel. No ticket follows, so no session begins. */
export function encodeLink(): Uint8Array {
  const message = Buffer.alloc(16 + LINK_MESSAGE + 4);
  MAGIC.copy(message);
  message.writeUInt32LE(2, 4);
  message.writeUInt32LE(2, 8);
  message.writeUInt32LE(LINK_MESSAGE + 4, 12);
  message.writeUInt8(MAIN_CHANNEL, 20);
  message.writeUInt32LE(1, 22);
  message.writeUInt32LE(LINK_MESSAGE, 30);
  message.writeUInt32LE(CAPABILITIES, 34);
  return message;
}

export interface SpiceLink {
  /** "2.2": of the protocol. */
  readonly protocolVersion: string;
  /** spice/error_codes.h; 0: the server goes on, 5: only inside TLS, 6: only without. */
  readonly error: number;
  readonly authentication: readonly ('spice' | 'sasl')[];
}

const MAX_REPLY = 4096;
const PUBLIC_KEY = 162;
const MAX_CAPABILITIES = 32;

/** The link reply: header, error, public key, capabilities at the offset that it names. */
export function parseLinkReply(received: Uint8Array): SpiceLink | 'more' | undefined {
  if (!MAGIC.subarray(0, received.length).equals(received.subarray(0, 4))) return undefined;
  const reader = new ByteReader(received);
  reader.skip(4);
  const [major, minor, size] = [reader.u32le(), reader.u32le(), reader.u32le()];
  if (reader.short) return 'more';
  if (major > 9 || minor > 99 || size < 4 || size > MAX_REPLY) return undefined;
  const body = reader.take(size);
  return reader.short ? 'more' : parseBody(body, `${major}.${minor}`);
}

function parseBody(body: Uint8Array, protocolVersion: string): SpiceLink | undefined {
  const reader = new ByteReader(body);
  const error = reader.u32le();
  reader.skip(PUBLIC_KEY);
  const [common, channel, offset] = [reader.u32le(), reader.u32le(), reader.u32le()];
  // A refusal may be cut off behind its number.
  if (reader.short) return error === 0 ? undefined : { protocolVersion, error, authentication: [] };
  if (common > MAX_CAPABILITIES || channel > MAX_CAPABILITIES || offset > body.length) return undefined;
  const words = new ByteReader(body.subarray(offset));
  const first = common === 0 ? 0 : words.u32le();
  if (words.short) return undefined;
  return { protocolVersion, error, authentication: methodsOf(first) };
}

function methodsOf(capabilities: number): readonly ('spice' | 'sasl')[] {
  const isSelected = (capabilities & 1) !== 0;
  // A server that lets nothing be selected knows its own way only.
  if (!isSelected) return ['spice'];
  return [
    ...((capabilities & 2) === 0 ? [] : (['spice'] as const)),
    ...((capabilities & 4) === 0 ? [] : (['sasl'] as const)),
  ];
}
