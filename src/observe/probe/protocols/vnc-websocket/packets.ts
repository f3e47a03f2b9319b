/**
 * VNC through a web server: RFB (RFC 6143) in binary WebSocket frames (RFC 6455), as QEMU (`-vnc …,websocket`) and
 * websockify behind noVNC speak it. Measured on Debian's qemu-system-x86 7.2+dfsg-7+deb12u18 and websockify 0.10.0.
 */
import { createHash } from 'node:crypto';
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';
import { parseRfbVersion, parseSecurity, type RfbVersion, type Security } from '../../tcp/vnc/packets.ts';

/** "sekisho-vnc-ws-1": always the same, so that a recorded answer proves by itself that it is one to our question. */
const KEY = Buffer.from('sekisho-vnc-ws-1', 'latin1').toString('base64');
/** RFC 6455 §1.3. */
const ACCEPT = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

const MAX_HEAD = 8 * 1024;
/** Greeting and security types take a few bytes; whoever announces more is no VNC server. */
const MAX_FRAME = 4096;
const MAX_FRAMES = 16;

/** Opening handshake, RFC 6455 §4.1. `host` as in a Host header. */
export function upgradeRequest(host: string, path: string): Uint8Array {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: binary',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** One binary frame from the client: masked, RFC 6455 §5.3. At most 125 bytes. The mask hides nothing here, so it may be known. */
export function clientFrame(payload: Uint8Array): Uint8Array {
  const mask = [0x73, 0x6b, 0x73, 0x68];
  const masked = payload.subarray(0, 125).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Uint8Array.from([0x82, 0x80 | masked.length, ...mask, ...masked]);
}

export interface VncWebSocketGreeting {
  readonly version: RfbVersion;
  /** Header `Server`: "QEMU VNC". websockify sends none. */
  readonly server: string | undefined;
}

/** `101 Switching Protocols` to our own key, and RFB's ProtocolVersion in the frames behind it. */
export function parseGreeting(received: Uint8Array): Reading<VncWebSocketGreeting> {
  const head = parseUpgrade(received);
  if (head === undefined || head === 'more') return head;
  const data = parseFrames(received.subarray(head.length));
  if (data === undefined) return undefined;
  const version = parseRfbVersion(data);
  return typeof version === 'object' ? { version, server: head.server } : version;
}

/** The server's security types, in frames. `minor` is the version that we answered with. */
export function parseSecurityFrames(received: Uint8Array, minor: 3 | 7 | 8): Reading<Security> {
  const data = parseFrames(received);
  return data === undefined ? undefined : parseSecurity(data, minor);
}

function parseUpgrade(
  received: Uint8Array,
): Reading<{ readonly length: number; readonly server: string | undefined }> {
  const text = Buffer.from(received.subarray(0, MAX_HEAD)).toString('latin1');
  const status = 'HTTP/1.1 101';
  if (!text.startsWith(status.slice(0, text.length))) return undefined;
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return text.length < MAX_HEAD ? 'more' : undefined;
  const headers = new Map(
    text
      .slice(0, end)
      .split('\r\n')
      .slice(1)
      .map((line) => [line.split(':', 1)[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  );
  const isOurs =
    headers.get('upgrade')?.toLowerCase() === 'websocket' && headers.get('sec-websocket-accept') === ACCEPT;
  return isOurs ? { length: end + 4, server: headers.get('server') } : undefined;
}

/** What whole data frames carry, joined; control frames are passed over. undefined: no frames of a server, or it says good-bye. */
function parseFrames(received: Uint8Array): Uint8Array | undefined {
  const reader = new ByteReader(received);
  const parts: Uint8Array[] = [];
  for (let count = 0; count < MAX_FRAMES; count += 1) {
    const first = reader.u8();
    const length = frameLength(reader);
    if (reader.short) break;
    // Reserved bits need an extension that we did not ask for.
    if (length === undefined || length > MAX_FRAME || (first & 0x70) !== 0) return undefined;
    const payload = reader.take(length);
    if (reader.short) break;
    const opcode = first & 0x0f;
    if (opcode === 2 || opcode === 0) parts.push(payload);
    else if (opcode !== 9 && opcode !== 10) return undefined;
  }
  return Buffer.concat(parts);
}

/** undefined when masked (a server must not) or of 64 bits. */
function frameLength(reader: ByteReader): number | undefined {
  const short = reader.u8();
  if (short === 126) return reader.u16();
  return short < 126 ? short : undefined;
}
