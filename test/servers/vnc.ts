import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { certificate, type CertificateName } from './certificates.ts';
import {
  listen,
  readExactly,
  readSome,
  untilEnd,
  type Listening,
  type Note,
  type Place,
} from './listening.ts';

export interface VncOptions extends Place {
  /** As sent: "003.008" (default), "003.003" … */
  readonly version?: string;
  /** IANA numbers in the order offered: 1 None, 2 VNC Authentication, 19 VeNCrypt. Empty: refuse with `refusal`. */
  readonly types: readonly number[];
  /** Sub-types of VeNCrypt, e.g. 258 TLSVnc, 260 X509None, 261 X509Vnc, 262 X509Plain. */
  readonly subTypes?: readonly number[];
  readonly refusal?: string;
  readonly certificate?: CertificateName;
}

const NONE = 1;
const VNC_AUTHENTICATION = 2;
const VENCRYPT = 19;

/** An RFB server up to and including the security handshake (RFC 6143 §7.1); there is no screen behind it. */
export async function startVnc(options: VncOptions): Promise<Listening> {
  return listen(options, async (socket, note) => {
    socket.write(`RFB ${options.version ?? '003.008'}\n`);
    const client = (await readExactly(socket, 12)).toString('latin1');
    if (options.types.length === 0) {
      socket.write(
        Buffer.concat([Buffer.from([0]), reason(options.refusal ?? 'Too many security failures')]),
      );
      return;
    }
    if (options.version === '003.003' || client.startsWith('RFB 003.003'))
      await version33(socket, options, note);
    else await version38(socket, options, note);
  });
}

/** RFB 3.3: the server decides, RFC 6143 §7.1.2. */
async function version33(socket: Duplex, options: VncOptions, note: Note): Promise<void> {
  const type = options.types.find((one) => one === NONE || one === VNC_AUTHENTICATION) ?? 0;
  socket.write(u32(type));
  if (type === 0) socket.write(reason('No matching security types'));
  else if (type === VNC_AUTHENTICATION) await vncAuthentication(socket, note);
  else await afterSecurity(socket, note);
}

async function version38(socket: Duplex, options: VncOptions, note: Note): Promise<void> {
  socket.write(Buffer.from([options.types.length, ...options.types]));
  const chosen = (await readExactly(socket, 1))[0] ?? 0;
  if (!options.types.includes(chosen)) {
    socket.write(Buffer.concat([u32(1), reason('Unsupported security type')]));
    return;
  }
  if (chosen === NONE) {
    socket.write(u32(0));
    await afterSecurity(socket, note);
  } else if (chosen === VNC_AUTHENTICATION) await vncAuthentication(socket, note);
  else if (chosen === VENCRYPT) await veNCrypt(socket, options, note);
  else await untilEnd(socket);
}

async function vncAuthentication(socket: Duplex, note: Note): Promise<void> {
  socket.write(Buffer.from('00112233445566778899aabbccddeeff', 'hex'));
  await readExactly(socket, 16);
  note('vnc response');
  socket.write(Buffer.concat([u32(1), reason('Authentication failed')]));
}

/** Type None and past it: whoever sends ClientInit would see the screen. */
async function afterSecurity(socket: Duplex, note: Note): Promise<void> {
  await readSome(socket);
  note('vnc client-init');
}

/** https://github.com/rfbproto/rfbproto/blob/master/rfbproto.rst#vencrypt */
async function veNCrypt(socket: Duplex, options: VncOptions, note: Note): Promise<void> {
  socket.write(Buffer.from([0, 2]));
  const version = await readExactly(socket, 2);
  if (version[0] !== 0 || version[1] !== 2) {
    socket.write(Buffer.from([1]));
    return;
  }
  const subTypes = options.subTypes ?? [];
  socket.write(Buffer.concat([Buffer.from([0, subTypes.length]), ...subTypes.map((type) => u32(type))]));
  const chosen = (await readExactly(socket, 4)).readUInt32BE();
  if (!subTypes.includes(chosen)) {
    socket.write(Buffer.from([0]));
    return;
  }
  if (chosen === 256) {
    await readSome(socket);
    note('vnc plain');
    return;
  }
  socket.write(Buffer.from([1]));
  const secureContext = createSecureContext(certificate(options.certificate ?? 'vnc'));
  const inside = new TLSSocket(socket, { isServer: true, secureContext });
  inside.on('error', () => socket.destroy());
  const kind = chosen % 3;
  // 258 and 261 ask a VNC password inside TLS, 257 and 260 nothing, 259 and 262 name and password.
  if (kind === 0) await vncAuthentication(inside, note);
  else if (kind === 2) {
    inside.write(u32(0));
    await afterSecurity(inside, note);
  } else {
    await readSome(inside);
    note('vnc plain');
  }
}

function reason(text: string): Buffer {
  return Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
