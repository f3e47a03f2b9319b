import { randomBytes } from 'node:crypto';
import { errorText } from '../../../../lib/app-error.ts';
import type { SshFacts } from '../../../../model/facts.ts';
import type { Evidence } from '../../../../model/observation.ts';
import type { Connection } from '../../connection.ts';
import { agreedProtection, encryptingOffer } from './algorithms.ts';
import { agreedExchange, ephemeralKey, hashOfExchange, type EphemeralKey } from './key-exchange.ts';
import { encodeKexInit, parseKexInitBothWays } from './kex-init.ts';
import {
  CLIENT_IDENTIFICATION,
  MESSAGE,
  encodeDisconnect,
  encodeKexDhInit,
  readIdentification,
  readKexDhReply,
} from './packets.ts';
import { openLane } from './sealed-packets.ts';
import { exchangeHash, type KeyMaterial } from './session-keys.ts';
import { Stopped, createTransport, type Transport } from './transport.ts';
import { encodeNoneRequest, encodeServiceRequest, parseAuthBanner, parseAuthFailure } from './userauth.ts';

/** Text before log-in kept in all, in code units. */
const MAX_BANNER = 2048;

/** Where chance enters; tests give their own. */
export interface Chance {
  readonly random: (length: number) => Uint8Array;
  readonly ephemeralKey: (exchange: string) => EphemeralKey | undefined;
}

const CHANCE: Chance = { random: randomBytes, ephemeralKey };

export interface AuthMethodsAnswer {
  readonly facts: Pick<SshFacts, 'authMethods' | 'authBanner'>;
  readonly evidence: readonly Evidence[];
  /** Why the methods were not learnt, or what is odd about them. */
  readonly note?: string;
}

type Heard = Omit<AuthMethodsAnswer, 'evidence'>;

/**
 * Asks a server which methods of authentication it offers: key exchange, encrypted transport, one request of the method
 * "none" (RFC 4252 §5.2), disconnect. No password, no key, no other method, no channel; a server that lets "none" in is
 * left at once. The host key's signature is not verified: nothing that is sent is secret, and the answer is no more
 * trusted than any other byte from the network. Closes `connection`. Never throws.
 *
 * @param timeoutMs asked before each wait: how long the next message may take.
 */
export async function askAuthMethods(
  connection: Connection,
  timeoutMs: () => number,
  chance: Chance = CHANCE,
): Promise<AuthMethodsAnswer> {
  const transport = createTransport(connection, chance.random);
  const heard = await converse(connection, transport, timeoutMs, chance);
  const inClear = transport.clearText('ssh authentication methods, decrypted');
  const evidence = [connection.evidence('ssh authentication methods'), inClear];
  connection.close();
  return { ...heard, evidence };
}

async function converse(
  connection: Connection,
  transport: Transport,
  timeoutMs: () => number,
  chance: Chance,
): Promise<Heard> {
  try {
    await encrypt(connection, transport, timeoutMs, chance);
    const heard = await askNone(transport, timeoutMs);
    transport.send(encodeDisconnect('sekisho: methods read, not logging in'));
    return heard;
  } catch (error) {
    return { facts: {}, note: `authentication methods not learnt: ${errorText(error)}` };
  }
}

/** Key exchange up to NEWKEYS of both sides (RFC 4253 §7). @throws Stopped */
async function encrypt(
  connection: Connection,
  transport: Transport,
  timeoutMs: () => number,
  { random, ephemeralKey: makeKey }: Chance,
): Promise<void> {
  connection.write(Buffer.from(`${CLIENT_IDENTIFICATION}\r\n`));
  const clientKexInit = encodeKexInit(encryptingOffer(), random);
  transport.send(clientKexInit);
  const serverIdentification = await readServerIdentification(connection, timeoutMs());

  const serverKexInit = await transport.receive(timeoutMs());
  const lists = parseKexInitBothWays(serverKexInit) ?? stop('no list of algorithms came');
  const exchange = agreedExchange(lists.toServer) ?? stop('no key exchange in common');
  const protection = agreedProtection(lists);
  if (typeof protection === 'string') return stop(protection);
  const hash = hashOfExchange(exchange) ?? stop('no key exchange in common');
  const own = makeKey(exchange) ?? stop('no key exchange in common');

  transport.send(encodeKexDhInit(own.publicKey));
  const reply = readKexDhReply(await transport.receive(timeoutMs())) ?? stop('no host key came');
  const secret =
    own.secretWith(reply.publicKey) ?? stop("the server's half of the key exchange is not valid");
  const sessionId = exchangeHash(hash, {
    clientIdentification: CLIENT_IDENTIFICATION,
    serverIdentification,
    clientKexInit,
    serverKexInit,
    hostKeyBlob: reply.hostKeyBlob,
    clientPublicKey: own.publicKey,
    serverPublicKey: reply.publicKey,
    secret,
  });
  const material: KeyMaterial = { hash, secret, exchangeHash: sessionId, sessionId };

  transport.send(Uint8Array.of(MESSAGE.newKeys));
  transport.protectSending((sequence) => openLane(protection.toServer, material, 'to-server', sequence));
  const newKeys = await transport.receive(timeoutMs());
  if (newKeys[0] !== MESSAGE.newKeys) stop('the server did not begin to encrypt');
  transport.protectReceiving((sequence) => openLane(protection.toClient, material, 'to-client', sequence));
}

async function readServerIdentification(connection: Connection, timeoutMs: number): Promise<string> {
  const { bytes } = await connection.read((received) => {
    const line = readIdentification(received);
    if (line === 'more') return false;
    return line === undefined ? true : line.length;
  }, timeoutMs);
  const line = readIdentification(bytes);
  return line === undefined || line === 'more' ? stop('no identification line came') : line.banner;
}

/** @throws Stopped */
async function askNone(transport: Transport, timeoutMs: () => number): Promise<Heard> {
  transport.send(encodeServiceRequest());
  const accept = await transport.receive(timeoutMs());
  if (accept[0] !== MESSAGE.serviceAccept) stop('the server does not offer log-in');

  transport.send(encodeNoneRequest());
  const { answer, banner } = await pastBanners(transport, timeoutMs());
  const text = banner === '' ? {} : { authBanner: banner };
  if (answer[0] === MESSAGE.userauthSuccess) return { facts: { authMethods: ['none'], ...text } };
  const failure = parseAuthFailure(answer) ?? stop('the answer is no list of methods');
  return { facts: { authMethods: failure.methods, ...text }, ...noteOn(failure) };
}

/** Banners may come at any time before the answer (RFC 4252 §5.4). */
async function pastBanners(
  transport: Transport,
  timeoutMs: number,
): Promise<{ answer: Uint8Array; banner: string }> {
  const until = performance.now() + timeoutMs;
  let banner = '';
  for (;;) {
    const answer = await transport.receive(Math.max(0, until - performance.now()));
    const text = parseAuthBanner(answer);
    if (text === undefined) return { answer, banner };
    banner = (banner === '' ? text : `${banner}\n${text}`).slice(0, MAX_BANNER);
  }
}

function noteOn({ methods, partialSuccess }: NonNullable<ReturnType<typeof parseAuthFailure>>): {
  note?: string;
} {
  if (methods.length === 0) return { note: 'the server names no method of authentication' };
  return partialSuccess ? { note: 'the server takes "none" as one of several steps' } : {};
}

function stop(sentence: string): never {
  throw new Stopped(sentence);
}
