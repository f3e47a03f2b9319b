import { createCipheriv, createHmac, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CIPHERS, MACS, type Protection } from '../../../../../src/observe/probe/tcp/ssh/algorithms.ts';
import { x25519 } from '../../../../../src/observe/probe/tcp/ssh/key-exchange.ts';
import {
  readIdentification,
  readKexDhReply,
  readPacket,
} from '../../../../../src/observe/probe/tcp/ssh/packets.ts';
import { open, openLane, seal, type Lane } from '../../../../../src/observe/probe/tcp/ssh/sealed-packets.ts';
import { exchangeHash, type KeyMaterial } from '../../../../../src/observe/probe/tcp/ssh/session-keys.ts';
import {
  encodeNoneRequest,
  encodeServiceRequest,
  parseAuthFailure,
} from '../../../../../src/observe/probe/tcp/ssh/userauth.ts';

const PROTECTIONS: [string, Protection][] = Object.entries(CIPHERS).flatMap(([name, cipher]) =>
  cipher.mode === 'gcm'
    ? [[name, { cipher, mac: undefined }] as [string, Protection]]
    : Object.entries(MACS).map(([code, mac]): [string, Protection] => [`${name},${code}`, { cipher, mac }]),
);

const MATERIAL: KeyMaterial = {
  hash: 'sha256',
  secret: Buffer.alloc(32, 0x42),
  exchangeHash: Buffer.alloc(32, 0x17),
  sessionId: Buffer.alloc(32, 0x17),
};
const sevens = (length: number): Uint8Array => Buffer.alloc(length, 7);
const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 6 });

function sealAll(lane: Lane, all: readonly Uint8Array[]): Buffer {
  let at = lane;
  return Buffer.concat(
    all.map((payload) => {
      const { bytes, next } = seal(at, payload, sevens);
      at = next;
      return bytes;
    }),
  );
}

describe.each(PROTECTIONS)('packets sealed with %s', (_name, protection) => {
  const lane = openLane(protection, MATERIAL, 'to-client', 3);

  it('open one after the other, as they were', () => {
    fc.assert(
      fc.property(payloads, (all) => {
        let at = lane;
        let rest: Uint8Array = sealAll(lane, all);
        for (const payload of all) {
          const opened = open(at, rest);
          if (typeof opened === 'string') return expect.fail(opened);
          expect(Buffer.from(opened.payload)).toEqual(Buffer.from(payload));
          expect(open(at, rest.subarray(0, opened.length - 1))).toBe('more');
          rest = rest.subarray(opened.length);
          at = opened.next;
        }
        expect(rest).toHaveLength(0);
        expect(at.sequence).toBe(3 + all.length);
      }),
      { numRuns: 25 },
    );
  });

  it('never open once a single bit is wrong', () => {
    const packet = fc.uint8Array({ minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(packet, fc.nat(), (payload, bit) => {
        const damaged = Buffer.from(seal(lane, payload, sevens).bytes);
        const at = bit % (damaged.length * 8);
        damaged[at >> 3] = (damaged[at >> 3] ?? 0) ^ (1 << (at & 7));
        // A larger length waits for more than comes; anything else is seen at once.
        expect(['more', 'broken']).toContain(open(lane, damaged));
        expect(open(lane, Buffer.concat([damaged, Buffer.alloc(36_000)]))).toBe('broken');
      }),
      { numRuns: 60 },
    );
  });

  it('do not open under another number, in the other direction or under another secret', () => {
    const { bytes } = seal(lane, Buffer.from('payload'), sevens);
    const others = [
      openLane(protection, MATERIAL, 'to-server', 3),
      openLane(protection, { ...MATERIAL, secret: Buffer.alloc(32, 0x43) }, 'to-client', 3),
      ...(protection.mac === undefined ? [] : [{ ...lane, sequence: 4 }]),
    ];
    for (const other of others) {
      expect(open(other, Buffer.concat([bytes, Buffer.alloc(36_000)]))).toBe('broken');
    }
  });

  it('never throw on bytes of strangers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(['more', 'broken']).toContain(open(lane, bytes));
      }),
      { numRuns: 50 },
    );
  });

  it('are refused when they are longer than RFC 4253 §6.1 asks anybody to take', () => {
    const long = seal(lane, Buffer.alloc(35_100), sevens).bytes;
    expect(open(lane, long)).toBe('broken');
  });
});

describe('a peer that seals what no packet may hold', () => {
  it.each(['aes128-cbc,hmac-sha1', 'aes128-ctr,hmac-sha2-256', '3des-cbc,hmac-sha1'])('%s', (name) => {
    const protection = PROTECTIONS.find(([one]) => one === name)?.[1];
    if (protection?.mac === undefined) throw new Error(name);
    const lane = openLane(protection, MATERIAL, 'to-client', 0);
    const sealPlain = (length: number, padding: number, bytes = 48): Buffer => {
      const plain = Buffer.alloc(bytes, 9);
      plain.writeUInt32BE(length);
      plain[4] = padding;
      const stream = createCipheriv(lane.cipher.algorithm, lane.key, lane.iv).setAutoPadding(false);
      const number = Buffer.alloc(4);
      const code = createHmac(protection.mac?.hash ?? '', lane.macKey)
        .update(number)
        .update(plain)
        .digest();
      return Buffer.concat([stream.update(plain), stream.final(), code]);
    };
    expect(open(lane, sealPlain(44, 10))).toMatchObject({ length: 48 + protection.mac.bytes });
    for (const padding of [0, 3, 43, 44, 255]) expect(open(lane, sealPlain(44, padding))).toBe('broken');
    for (const length of [0, 4, 5, 17, 43, 45, 0x7fffffff, 0xffffffff]) {
      expect(open(lane, Buffer.concat([sealPlain(length, 4), Buffer.alloc(100)])), String(length)).toBe(
        'broken',
      );
    }
    if (protection.cipher.block === 8) expect(open(lane, sealPlain(4, 4, 8))).toBe('broken');
  });
});

describe('the counter of CTR and GCM', () => {
  it.each(['aes128-ctr', 'aes128-gcm@openssh.com'])('runs over the end of its field: %s', (name) => {
    const protection = PROTECTIONS.find(([one]) => one.startsWith(name))?.[1];
    if (protection === undefined) throw new Error(name);
    const lane = openLane(protection, MATERIAL, 'to-client', 0);
    const iv = Buffer.alloc(lane.iv.length, 0xff);
    const full = { ...lane, iv };
    const { next } = seal(full, Buffer.alloc(40), sevens);
    // CTR: 64 bytes of packet are four blocks, and the whole field is the counter · GCM: the first four bytes stay.
    expect(Buffer.from(next.iv).toString('hex')).toBe(
      name === 'aes128-ctr' ? `${'00'.repeat(15)}03` : `ffffffff${'00'.repeat(8)}`,
    );
  });
});

interface Session {
  readonly protection: string;
  readonly sent: string;
  readonly received: string;
}

const SESSIONS = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'recorded-sessions.json'), 'utf8'),
) as Session[];

/**
 * Recorded with OpenSSH 9.2p1 (sshd, one cipher and code allowed at a time): X25519 private key of 32 times 09, every
 * random byte 07. The server accepted what we had sealed, and what it sealed must open.
 */
describe.each(SESSIONS)('a recorded session of OpenSSH with $protection', (session) => {
  const sent = Buffer.from(session.sent, 'base64');
  const received = Buffer.from(session.received, 'base64');
  const protection = PROTECTIONS.find(([name]) => name === session.protection)?.[1];
  if (protection === undefined) throw new Error(session.protection);
  const client = split(sent, 3);
  const server = split(received, 3);
  const reply = readKexDhReply(server.payloads[1] ?? sent) ?? expect.fail('no KEXDH_REPLY');
  const own = x25519(
    createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), Buffer.alloc(32, 9)]),
      format: 'der',
      type: 'pkcs8',
    }),
  );
  const secret = own.secretWith(reply.publicKey) ?? expect.fail('no secret');
  const hash = exchangeHash('sha256', {
    clientIdentification: client.line,
    serverIdentification: server.line,
    clientKexInit: client.payloads[0] ?? sent,
    serverKexInit: server.payloads[0] ?? sent,
    hostKeyBlob: reply.hostKeyBlob,
    clientPublicKey: own.publicKey,
    serverPublicKey: reply.publicKey,
    secret,
  });
  const material: KeyMaterial = { hash: 'sha256', secret, exchangeHash: hash, sessionId: hash };

  it('opens: SERVICE_ACCEPT and the list of methods', () => {
    const accept = open(openLane(protection, material, 'to-client', 3), server.rest);
    if (typeof accept === 'string') return expect.fail(accept);
    expect(Buffer.from(accept.payload).toString('latin1')).toBe('\x06\0\0\0\x0cssh-userauth');
    const failure = open(accept.next, server.rest.subarray(accept.length));
    if (typeof failure === 'string') return expect.fail(failure);
    expect(parseAuthFailure(failure.payload)).toEqual({
      methods: ['publickey', 'password', 'keyboard-interactive'],
      partialSuccess: false,
    });
  });

  it('was sealed by us byte for byte', () => {
    const lane = openLane(protection, material, 'to-server', 3);
    const sealed = sealAll(lane, [encodeServiceRequest(), encodeNoneRequest()]);
    expect(sealed.equals(client.rest.subarray(0, sealed.length))).toBe(true);
  });
});

/** Identification line, the first `count` packets in clear, and what is sealed. */
function split(bytes: Buffer, count: number): { line: string; payloads: Uint8Array[]; rest: Buffer } {
  const line = readIdentification(bytes);
  if (line === undefined || line === 'more') throw new Error('no identification');
  let rest = bytes.subarray(line.length);
  const payloads = Array.from({ length: count }, () => {
    const packet = readPacket(rest);
    if (packet === undefined || packet === 'more') throw new Error('no packet');
    rest = rest.subarray(packet.length);
    return packet.payload;
  });
  return { line: line.banner, payloads, rest };
}
