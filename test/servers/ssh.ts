import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import type { Duplex } from 'node:stream';
import { listen, readExactly, readLine, untilEnd, type Listening, type Place } from './listening.ts';

export interface SshOptions extends Place {
  /** Identification line without CR LF. */
  readonly banner?: string;
  /** 32 bytes in hex: the ed25519 host key, so that it stays the same from run to run. */
  readonly hostKeySeed?: string;
  /** Extra names for the lists, to look like an old server. They are offered, never done. */
  readonly alsoOffer?: {
    readonly keyExchange?: string[];
    readonly encryption?: string[];
    readonly mac?: string[];
  };
}

const KEXINIT = 20;
const NEWKEYS = 21;
const KEX_ECDH_INIT = 30;
const KEX_ECDH_REPLY = 31;

/** An SSH server up to the end of the key exchange (RFC 4253 §7, RFC 8731), so that it proves its host key. No log-in exists. */
export async function startSsh(options: SshOptions): Promise<Listening> {
  const banner = options.banner ?? 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3';
  const hostKey = ed25519(Buffer.from(options.hostKeySeed ?? '11'.repeat(32), 'hex'));
  return listen(options, async (socket, note) => {
    socket.write(`${banner}\r\n`);
    const serverInit = kexInit(options);
    socket.write(packet(serverInit));
    const clientBanner = await readLine(socket, 255);
    const clientInit = await readPacket(socket);
    if (clientInit[0] !== KEXINIT || !agrees(clientInit)) return;
    const init = await readPacket(socket);
    if (init[0] !== KEX_ECDH_INIT) return;
    const clientPublic = init.subarray(5);
    if (clientPublic.length !== 32) return;
    socket.write(
      packet(exchange({ clientBanner, banner, clientInit, serverInit, clientPublic, privateKey: hostKey })),
    );
    socket.write(packet(Buffer.from([NEWKEYS])));
    const after = await readPacket(socket);
    // What follows NEWKEYS is encrypted: a service request, the first step of a log-in.
    if (after[0] !== NEWKEYS) return;
    await readExactly(socket, 1);
    note('ssh after-newkeys');
    await untilEnd(socket);
  });
}

interface Exchange {
  readonly clientBanner: string;
  readonly banner: string;
  readonly clientInit: Buffer;
  readonly serverInit: Buffer;
  readonly clientPublic: Buffer;
  readonly privateKey: KeyObject;
}

/** SSH_MSG_KEX_ECDH_REPLY: host key, our share, signature over the exchange hash (RFC 5656 §4). */
function exchange(input: Exchange): Buffer {
  const own = generateKeyPairSync('x25519');
  const ownPublic = own.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  // SubjectPublicKeyInfo of X25519 is a fixed prefix and the 32 bytes (RFC 8410).
  const peer = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), input.clientPublic]),
    format: 'der',
    type: 'spki',
  });
  const secret = diffieHellman({ privateKey: own.privateKey, publicKey: peer });
  const blob = Buffer.concat([text('ssh-ed25519'), text(rawPublic(input.privateKey))]);
  const hash = createHash('sha256')
    .update(text(input.clientBanner))
    .update(text(input.banner))
    .update(text(input.clientInit))
    .update(text(input.serverInit))
    .update(text(blob))
    .update(text(input.clientPublic))
    .update(text(ownPublic))
    .update(mpint(secret))
    .digest();
  const signature = Buffer.concat([text('ssh-ed25519'), text(sign(null, hash, input.privateKey))]);
  return Buffer.concat([Buffer.from([KEX_ECDH_REPLY]), text(blob), text(ownPublic), text(signature)]);
}

function kexInit(options: SshOptions): Buffer {
  const ciphers = ['chacha20-poly1305@openssh.com', 'aes256-ctr', ...(options.alsoOffer?.encryption ?? [])];
  const macs = ['hmac-sha2-256', ...(options.alsoOffer?.mac ?? [])];
  const lists = [
    ['curve25519-sha256', 'curve25519-sha256@libssh.org', ...(options.alsoOffer?.keyExchange ?? [])],
    ['ssh-ed25519'],
    ciphers,
    ciphers,
    macs,
    macs,
    ['none'],
    ['none'],
    [],
    [],
  ];
  return Buffer.concat([
    Buffer.from([KEXINIT]),
    randomBytes(16),
    ...lists.map((names) => text(names.join(','))),
    Buffer.alloc(5),
  ]);
}

/** The client offers what this server can do; without that a server disconnects, RFC 4253 §7.1. */
function agrees(clientInit: Buffer): boolean {
  const first = 17;
  const keyExchange = list(clientInit, first);
  const hostKeys = list(clientInit, first + 4 + keyExchange.length);
  return keyExchange.includes('curve25519-sha256') && hostKeys.split(',').includes('ssh-ed25519');
}

function list(bytes: Buffer, at: number): string {
  if (at + 4 > bytes.length) return '';
  return bytes.toString('latin1', at + 4, at + 4 + bytes.readUInt32BE(at));
}

/** Unencrypted binary packet, RFC 4253 §6: padded to a multiple of 8. */
function packet(payload: Buffer): Buffer {
  const short = 8 - ((payload.length + 5) % 8);
  const fill = short < 4 ? short + 8 : short;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + fill + 1);
  head[4] = fill;
  return Buffer.concat([head, payload, randomBytes(fill)]);
}

async function readPacket(stream: Duplex): Promise<Buffer> {
  const length = (await readExactly(stream, 4)).readUInt32BE();
  if (length < 12 || length > 35_000) throw new Error('packet length');
  const body = await readExactly(stream, length);
  return body.subarray(1, length - (body[0] ?? 0));
}

function ed25519(seed: Buffer): KeyObject {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
}

function rawPublic(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
}

function text(value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const head = Buffer.alloc(4);
  head.writeUInt32BE(bytes.length);
  return Buffer.concat([head, bytes]);
}

/** Two's complement without leading zeros, RFC 4251 §5. */
function mpint(value: Buffer): Buffer {
  let start = 0;
  while (start < value.length && value[start] === 0) start += 1;
  const trimmed = value.subarray(start);
  return text((trimmed[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}
