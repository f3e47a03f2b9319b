/** Firebird's remote protocol in XDR (RFC 4506): src/remote/protocol.h of its source; answers measured on 3.0.11. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

const CONNECT = 1;
const ATTACH = 19;
const CONNECT_VERSION = 3;
const GENERIC_ARCHITECTURE = 1;
/** 10, and 11 to 18 with the flag that tells Firebird from InterBase. */
const FLAG = 0x8000;
const PROTOCOLS = [10, FLAG | 11, FLAG | 12, FLAG | 13, FLAG | 15, FLAG | 16, FLAG | 17, FLAG | 18];

/** op_connect without a database and without a user. */
export function encodeConnect(): Uint8Array {
  const noFile = 0;
  const noUser = 0;
  const head = [CONNECT, ATTACH, CONNECT_VERSION, GENERIC_ARCHITECTURE, noFile, PROTOCOLS.length, noUser];
  // Each with architecture, lowest and highest kind of transfer, and weight.
  const offers = PROTOCOLS.flatMap((protocol, at) => [protocol, GENERIC_ARCHITECTURE, 0, 5, 2 * at + 2]);
  const words = [...head, ...offers];
  const bytes = Buffer.alloc(4 * words.length);
  for (const [at, word] of words.entries()) bytes.writeUInt32BE(word, 4 * at);
  return bytes;
}

export interface ConnectAnswer {
  readonly kind: 'accept' | 'accept-data' | 'conditional-accept' | 'continue-authentication' | 'reject';
  /** 10 to 18, when the server says which it took. */
  readonly protocol?: number;
  readonly isFirebird: boolean;
  /** Ways to log in, when it names them. */
  readonly plugin?: string;
}

const ACCEPTS: Readonly<Record<number, ConnectAnswer['kind']>> = {
  3: 'accept',
  0x5e: 'accept-data',
  0x62: 'conditional-accept',
};
const CONTINUE = 0x5c;
const REJECT = 4;

export function parseConnectAnswer(received: Uint8Array): Reading<ConnectAnswer> {
  const reader = new ByteReader(received);
  const operation = reader.u32();
  if (reader.short) return received.some((byte, at) => at < 3 && byte !== 0) ? undefined : 'more';
  if (operation === REJECT) return received.length === 4 ? { kind: 'reject', isFirebird: false } : undefined;
  if (operation === CONTINUE) return readContinue(reader);
  const kind = ACCEPTS[operation];
  return kind === undefined ? undefined : readAccept(reader, kind);
}

/** Protocols 11 and later come as negative numbers of 16 bits, extended to 32. */
function readAccept(reader: ByteReader, kind: ConnectAnswer['kind']): Reading<ConnectAnswer> {
  const version = reader.u32();
  const architecture = reader.u32();
  const transfer = reader.u32();
  if (reader.short) return 'more';
  const isFirebird = (version & FLAG) !== 0 && (version >>> 16 === 0xffff || version >>> 16 === 0);
  const protocol = isFirebird ? version & 0x7fff : version;
  const isFitting = protocol >= 10 && protocol <= 30 && architecture === GENERIC_ARCHITECTURE;
  return isFitting && (transfer & 0xff) <= 5 ? { kind, protocol, isFirebird } : undefined;
}

/** Data, name of the plugin, list of plugins, keys: four texts of XDR. Only Firebird 3 and later have it. */
function readContinue(reader: ByteReader): Reading<ConnectAnswer> {
  const lengths: number[] = [];
  let plugin = '';
  for (let at = 0; at < 4; at += 1) {
    const length = reader.u32();
    if (length > 2048) return undefined;
    const value = reader.latin1(length);
    reader.skip((4 - (length % 4)) % 4);
    if (at === 1) plugin = value;
    lengths.push(length);
  }
  if (reader.short) return 'more';
  const isFitting = reader.left === 0 && /^\w{0,64}$/.test(plugin) && lengths.length === 4;
  return isFitting ? { kind: 'continue-authentication', isFirebird: true, plugin } : undefined;
}
