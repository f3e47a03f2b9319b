/** ONC RPC version 2 (RFC 5531): calls without credentials and their replies. */
import { ByteReader } from '../../../../lib/byte-reader.ts';

export const RPCBIND = 100_000;
export const NFS = 100_003;
export const MOUNT = 100_005;

/** Record marking (RFC 5531 §11): one fragment of at most this many bytes is believed. */
const MAX_RECORD = 64 * 1024;

export interface RpcCall {
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
}

/** A call without arguments, with AUTH_NONE twice: 40 bytes. */
export function encodeCall({ xid, program, version, procedure }: RpcCall): Uint8Array {
  const call = Buffer.alloc(40);
  [xid, 0, 2, program, version, procedure].forEach((word, index) =>
    call.writeUInt32BE(word >>> 0, index * 4),
  );
  return call;
}

/** The same as a record of a stream: last fragment, length. */
export function encodeRecord(call: Uint8Array): Uint8Array {
  const record = Buffer.alloc(4 + call.length);
  record.writeUInt32BE((0x80_00_00_00 | call.length) >>> 0, 0);
  record.set(call, 4);
  return record;
}

export type RpcReply =
  | { readonly xid: number; readonly status: 'success'; readonly results: Uint8Array }
  | { readonly xid: number; readonly status: 'version-mismatch'; readonly low: number; readonly high: number }
  | {
      readonly xid: number;
      readonly status: 'program-unavailable' | 'procedure-unavailable' | 'refused';
    };

/**
 * A reply (RFC 5531 §9). Strict where a reply has no freedom: type, and a verifier AUTH_NONE of no bytes.
 *
 * @returns undefined for bytes that are no whole reply, and for a reply to another call when `xid` is given.
 */
export function parseReply(message: Uint8Array, xid?: number): RpcReply | undefined {
  const reader = new ByteReader(message);
  const [id, type, status] = [reader.u32(), reader.u32(), reader.u32()];
  if (reader.short || type !== 1 || (xid !== undefined && id !== xid >>> 0)) return undefined;
  if (status === 1) return parseDenied(reader, id);
  if (status !== 0) return undefined;
  const [flavour, length, accepted] = [reader.u32(), reader.u32(), reader.u32()];
  if (reader.short || flavour !== 0 || length !== 0) return undefined;
  return parseAccepted(reader, id, accepted);
}

function parseAccepted(reader: ByteReader, xid: number, accepted: number): RpcReply | undefined {
  if (accepted === 0) return { xid, status: 'success', results: reader.take(reader.left) };
  if (accepted === 2) {
    const [low, high] = [reader.u32(), reader.u32()];
    return reader.short || reader.left > 0 || low > high
      ? undefined
      : { xid, status: 'version-mismatch', low, high };
  }
  if (reader.left > 0) return undefined;
  if (accepted === 1) return { xid, status: 'program-unavailable' };
  return accepted === 3 ? { xid, status: 'procedure-unavailable' } : undefined;
}

/** RPC_MISMATCH with the versions known, or AUTH_ERROR with a reason. */
function parseDenied(reader: ByteReader, xid: number): RpcReply | undefined {
  const reason = reader.u32();
  const words = reason === 0 ? 2 : 1;
  reader.skip(words * 4);
  return reader.short || reader.left > 0 || reason > 1 ? undefined : { xid, status: 'refused' };
}

/** One record of a stream as a message: fragments of one record are joined. */
export function parseRecord(received: Uint8Array): Uint8Array | 'more' | undefined {
  const reader = new ByteReader(received);
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let isLast = false; !isLast;) {
    const mark = reader.u32();
    if (reader.short) return 'more';
    isLast = mark >= 0x80_00_00_00;
    const length = mark & 0x7f_ff_ff_ff;
    total += length;
    // A fragment of nothing could be repeated for ever; a reply has at least a head.
    if (length === 0 || total > MAX_RECORD) return undefined;
    const part = reader.take(length);
    if (reader.short) return 'more';
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export interface RpcProgram {
  readonly program: number;
  readonly version: number;
  /** "tcp", "udp" or the number of the protocol. */
  readonly transport: string;
  readonly port: number;
}

/** Most programs of a list that are read. */
const MAX_PROGRAMS = 256;

/** PMAPPROC_DUMP of version 2 (RFC 1833 §3): a list that ends exactly where the reply ends. */
export function parseDump(results: Uint8Array): readonly RpcProgram[] | undefined {
  const reader = new ByteReader(results);
  const programs: RpcProgram[] = [];
  for (;;) {
    const follows = reader.u32();
    if (reader.short || follows > 1 || programs.length >= MAX_PROGRAMS) return undefined;
    if (follows === 0) return reader.left === 0 ? programs : undefined;
    const [program, version, transport, port] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()];
    if (reader.short || port > 65_535) return undefined;
    programs.push({ program, version, transport: transportName(transport), port });
  }
}

function transportName(number: number): string {
  if (number === 6) return 'tcp';
  return number === 17 ? 'udp' : String(number);
}

export interface ExportEntry {
  readonly directory: string;
  /** Hosts, networks or groups that may mount it; empty: everybody. At most 32. */
  readonly clients: readonly string[];
}

const MAX_ENTRIES = 256;
/** RFC 1813 §5.0: longest path and name. */
const MAX_PATH = 1024;
const MAX_NAME = 255;

/** MOUNTPROC3_EXPORT (RFC 1813 §5.2.5), the same in version 1: a list that ends exactly where the reply ends. */
export function parseExports(results: Uint8Array): readonly ExportEntry[] | undefined {
  const reader = new ByteReader(results);
  const entries: ExportEntry[] = [];
  for (;;) {
    const follows = reader.u32();
    if (reader.short || follows > 1 || entries.length >= MAX_ENTRIES) return undefined;
    if (follows === 0) return reader.left === 0 ? entries : undefined;
    const directory = readString(reader, MAX_PATH);
    const clients = readClients(reader);
    if (directory === undefined || clients === undefined) return undefined;
    entries.push({ directory: directory.slice(0, 256), clients: clients.slice(0, 32) });
  }
}

function readClients(reader: ByteReader): readonly string[] | undefined {
  const clients: string[] = [];
  for (;;) {
    const follows = reader.u32();
    if (reader.short || follows > 1 || clients.length >= MAX_ENTRIES) return undefined;
    if (follows === 0) return clients;
    const client = readString(reader, MAX_NAME);
    if (client === undefined) return undefined;
    clients.push(client);
  }
}

/** XDR string: length, bytes, padded to four. */
function readString(reader: ByteReader, max: number): string | undefined {
  const length = reader.u32();
  if (reader.short || length > max) return undefined;
  const bytes = reader.take(length);
  reader.skip((4 - (length % 4)) % 4);
  return reader.short ? undefined : Buffer.from(bytes).toString('utf8');
}
