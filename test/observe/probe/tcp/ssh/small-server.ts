import type { Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { agreedProtection, encryptingOffer } from '../../../../../src/observe/probe/tcp/ssh/algorithms.ts';
import {
  encodeKexInit,
  parseKexInitBothWays,
  type KexInit,
} from '../../../../../src/observe/probe/tcp/ssh/kex-init.ts';
import {
  agreedExchange,
  ephemeralKey,
  hashOfExchange,
} from '../../../../../src/observe/probe/tcp/ssh/key-exchange.ts';
import {
  MESSAGE,
  encodePacket,
  readIdentification,
  readPacket,
  sshString,
} from '../../../../../src/observe/probe/tcp/ssh/packets.ts';
import { open, openLane, seal, type Lane } from '../../../../../src/observe/probe/tcp/ssh/sealed-packets.ts';
import { exchangeHash } from '../../../../../src/observe/probe/tcp/ssh/session-keys.ts';
import { serve, type Loopback } from '../context.ts';

const LINE = 'SSH-2.0-small';

export interface Peer {
  /** Sends a message, sealed once encryption has begun. */
  say(...payloads: readonly Uint8Array[]): void;
  /** Sends a sealed message that has been damaged. */
  sayDamaged(payload: Uint8Array, damage: (sealed: Buffer) => Buffer): void;
  readonly socket: Socket;
}

export interface SmallServerOptions {
  readonly offer?: Partial<KexInit>;
  /** Called for each message of the client from the service request on. */
  readonly answer: (payload: Uint8Array, peer: Peer) => void;
  /** Interjections before KEXINIT, between KEXDH_REPLY and NEWKEYS, and right after it. */
  readonly noise?: readonly Uint8Array[];
  readonly publicKey?: Uint8Array;
  /** Payload instead of KEXDH_REPLY and NEWKEYS. */
  readonly insteadOfReply?: Uint8Array;
  readonly insteadOfNewKeys?: Uint8Array;
}

export interface SmallServer extends Loopback {
  /** Messages of the clients in clear, one list a connection. */
  readonly messages: Uint8Array[][];
}

/** An SSH server that does a real key exchange without a host key worth the name, and then says what the test wants. */
export async function serveSsh(options: SmallServerOptions): Promise<SmallServer> {
  const messages: Uint8Array[][] = [];
  const loopback = await serve((socket, number) => {
    const heard: Uint8Array[] = [];
    messages[number] = heard;
    converse(socket, options, heard);
  });
  return { ...loopback, messages };
}

function converse(socket: Socket, options: SmallServerOptions, heard: Uint8Array[]): void {
  const { noise = [], answer } = options;
  let sending: Lane | undefined;
  let receiving: Lane | undefined;
  let [sent, received] = [0, 0];
  let rest: Buffer = Buffer.alloc(0);
  let clientLine: string | undefined;
  let clientKexInit: Uint8Array = new Uint8Array();
  let startReceiving: (() => void) | undefined;

  const frame = (payload: Uint8Array): Buffer => {
    sent += 1;
    if (sending === undefined) return Buffer.from(encodePacket(payload, randomBytes));
    const { bytes, next } = seal(sending, payload, randomBytes);
    sending = next;
    return Buffer.from(bytes);
  };
  const peer: Peer = {
    socket,
    say: (...payloads) => payloads.forEach((payload) => socket.write(frame(payload))),
    sayDamaged: (payload, damage) => void socket.write(damage(frame(payload))),
  };

  socket.write(`${LINE}\r\n`);
  peer.say(...noise);
  const serverKexInit = encodeKexInit({ ...encryptingOffer(), ...options.offer }, randomBytes);
  peer.say(serverKexInit);

  const reply = (clientPublicKey: Uint8Array): void => {
    const ours = parseKexInitBothWays(serverKexInit)?.toServer ?? fail();
    const client = parseKexInitBothWays(clientKexInit) ?? fail();
    // The first of the client's that the server has: the same function, since both know the whole list of the client.
    const exchange = agreedExchange(ours) ?? fail();
    const protection = agreedProtection({ toServer: ours, toClient: ours });
    if (typeof protection === 'string' || client.toServer.encryption.length === 0) return;
    const own = ephemeralKey(exchange) ?? fail();
    const hostKeyBlob = Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.alloc(32, 5))]);
    const secret = own.secretWith(clientPublicKey) ?? fail();
    const hash = hashOfExchange(exchange) ?? fail();
    const sessionId = exchangeHash(hash, {
      clientIdentification: clientLine ?? '',
      serverIdentification: LINE,
      clientKexInit,
      serverKexInit,
      hostKeyBlob,
      clientPublicKey,
      serverPublicKey: own.publicKey,
      secret,
    });
    const material = { hash, secret, exchangeHash: sessionId, sessionId };
    const parts = [hostKeyBlob, options.publicKey ?? own.publicKey, Buffer.from('no signature')];
    peer.say(Buffer.concat([Uint8Array.of(MESSAGE.kexDhReply), ...parts.map((part) => sshString(part))]));
    peer.say(...noise, options.insteadOfNewKeys ?? Uint8Array.of(MESSAGE.newKeys));
    sending = openLane(protection.toClient, material, 'to-client', sent);
    peer.say(...noise);
    startReceiving = () => {
      receiving = openLane(protection.toServer, material, 'to-server', received);
    };
  };

  const onMessage = (payload: Uint8Array): void => {
    heard.push(Uint8Array.from(payload));
    received += 1;
    if (receiving !== undefined) answer(payload, peer);
    else if (payload[0] === MESSAGE.kexInit) clientKexInit = Uint8Array.from(payload);
    else if (payload[0] === MESSAGE.newKeys) startReceiving?.();
    else if (payload[0] === MESSAGE.kexDhInit) {
      if (options.insteadOfReply === undefined) reply(payload.subarray(5));
      else peer.say(options.insteadOfReply);
    }
  };

  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    if (clientLine === undefined) {
      const line = readIdentification(rest);
      if (line === undefined || line === 'more') return;
      clientLine = line.banner;
      rest = rest.subarray(line.length);
    }
    for (;;) {
      if (receiving === undefined) {
        const packet = readPacket(rest);
        if (packet === undefined || packet === 'more') return;
        rest = rest.subarray(packet.length);
        onMessage(packet.payload);
        continue;
      }
      const opened = open(receiving, rest);
      if (typeof opened === 'string') return;
      receiving = opened.next;
      rest = rest.subarray(opened.length);
      onMessage(opened.payload);
    }
  });
}

function fail(): never {
  throw new Error('the small server lost its way');
}

export const accept = Buffer.concat([Uint8Array.of(MESSAGE.serviceAccept), sshString('ssh-userauth')]);
export const success = Uint8Array.of(MESSAGE.userauthSuccess);

export function failure(methods: string, partial = false): Buffer {
  return Buffer.concat([
    Uint8Array.of(MESSAGE.userauthFailure),
    sshString(methods),
    Uint8Array.of(partial ? 1 : 0),
  ]);
}

export function banner(text: string): Buffer {
  return Buffer.concat([Uint8Array.of(MESSAGE.userauthBanner), sshString(Buffer.from(text)), sshString('')]);
}

export function disconnect(code: number, text: string): Buffer {
  return Buffer.concat([Uint8Array.of(MESSAGE.disconnect, 0, 0, 0, code), sshString(text), sshString('')]);
}

/** Answers the service request, and the request to log in with `payloads`. */
export function answering(...payloads: readonly Uint8Array[]): SmallServerOptions['answer'] {
  return ([message], peer) => {
    if (message === MESSAGE.serviceRequest) peer.say(accept);
    if (message === MESSAGE.userauthRequest) peer.say(...payloads);
  };
}
