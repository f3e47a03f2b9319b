import { randomBytes } from 'node:crypto';
import type { SshFacts } from '../../../../model/facts.ts';
import type { Evidence } from '../../../../model/observation.ts';
import { errorText } from '../../../../lib/app-error.ts';
import type { Connection } from '../../connection.ts';
import type { ProbeContext, ProbeResult } from '../../probe.ts';
import { askAuthMethods, type AuthMethodsAnswer } from './auth-methods.ts';
import { encodeKexInit, parseKexInit, type KexInit } from './kex-init.ts';
import { agreedExchange, clientOffer, ephemeralKey, otherHostKeyFamilies } from './key-exchange.ts';
import type { HostKey, Identification } from './packets.ts';
import {
  CLIENT_IDENTIFICATION,
  MESSAGE,
  encodeDisconnect,
  encodeKexDhInit,
  encodePacket,
  findPacket,
  parseIdentification,
  parseKexDhReply,
  readIdentification,
} from './packets.ts';

/** Types of host key looked at, one connection each. */
const MAX_HOST_KEY_TYPES = 3;

interface Look {
  readonly identification?: Identification;
  readonly kex?: KexInit;
  readonly hostKey?: HostKey;
  readonly evidence: Evidence;
  readonly note?: string;
}

/**
 * Identification line, algorithm lists and host keys of an SSH server. The key exchange is carried only as far as the
 * server's reply that holds its host key; encryption never begins, no user name and nothing to log in with is sent.
 * Only with the opt-in `ssh-auth-methods` one more connection asks for the methods of authentication. Closes
 * `connection`.
 */
export async function probeSsh(context: ProbeContext, connection: Connection): Promise<ProbeResult> {
  const first = await lookOnce(connection, context.answerTimeoutMs);
  const hostKeys = first.hostKey === undefined ? [] : [first.hostKey];
  const others =
    first.kex === undefined || first.hostKey === undefined
      ? []
      : await lookAtOtherKeys(context, otherHostKeyFamilies(first.kex, hostKeys));
  const more = others.flatMap(({ hostKey }) => (hostKey === undefined ? [] : [hostKey]));
  const { identification, kex } = first;
  if (identification === undefined) {
    const evidence = [first.evidence];
    return { protocol: 'ssh', status: 'protocol-error', facts: {}, evidence, ...noteOf(first) };
  }
  const { length: _, ...parts } = identification;
  const methods = context.sshAuthMethods ? await methodsOf(context, first) : NOT_ASKED;
  const ssh: SshFacts = {
    ...parts,
    ...(kex === undefined ? {} : { kex: copyKex(kex) }),
    hostKeys: [...hostKeys, ...more.filter((key) => !hostKeys.some((had) => had.sha256 === key.sha256))],
    ...methods.facts,
  };
  const evidence = [first.evidence, ...others.map((look) => look.evidence), ...methods.evidence];
  return { protocol: 'ssh', status: 'open', facts: { ssh }, evidence, ...noteOf(first, methods) };
}

const NOT_ASKED: AuthMethodsAnswer = { facts: {}, evidence: [] };

/** Asked on a connection of its own, and only where the first look came as far as the host key. */
async function methodsOf(context: ProbeContext, { hostKey }: Look): Promise<AuthMethodsAnswer> {
  if (hostKey === undefined) {
    return { ...NOT_ASKED, note: 'authentication methods not asked: there was no key exchange' };
  }
  try {
    return await askAuthMethods(await context.dial(), () => context.answerTimeoutMs);
  } catch (error) {
    return { ...NOT_ASKED, note: `authentication methods not asked: ${errorText(error)}` };
  }
}

function noteOf(...parts: readonly { readonly note?: string }[]): { note?: string } {
  const notes = parts.flatMap(({ note }) => (note === undefined ? [] : [note]));
  return notes.length === 0 ? {} : { note: notes.join('; ') };
}

async function lookAtOtherKeys(context: ProbeContext, families: readonly string[][]): Promise<Look[]> {
  const looks = families.slice(0, MAX_HOST_KEY_TYPES - 1).map(async (algorithms) => {
    try {
      return await lookOnce(await context.dial(), context.answerTimeoutMs, algorithms);
    } catch (error) {
      context.log.debug(
        { port: context.port, reason: errorText(error) },
        'no connection for another host key',
      );
      return undefined;
    }
  });
  return (await Promise.all(looks)).filter((look) => look !== undefined);
}

/** One connection: our identification and KEXINIT go out at once (RFC 4253 §7 allows it) and save a round trip. */
async function lookOnce(
  connection: Connection,
  timeoutMs: number,
  hostKeyAlgorithms?: readonly string[],
): Promise<Look> {
  const label = `ssh ${hostKeyAlgorithms?.[0] ?? 'key exchange'}`;
  const finish = (look: Omit<Look, 'evidence'>): Look => {
    const evidence = connection.evidence(label);
    connection.close();
    return { ...look, evidence };
  };
  connection.write(Buffer.from(`${CLIENT_IDENTIFICATION}\r\n`));
  connection.write(encodePacket(encodeKexInit(clientOffer(hostKeyAlgorithms), randomBytes), randomBytes));

  const identification = await readFirstLine(connection, timeoutMs);
  if (typeof identification === 'string') return finish({ note: identification });
  // SSH 1 has other packets; its identification is all that is needed to know it.
  if (!['2.0', '1.99'].includes(identification.protocol)) return finish({ identification });
  if (identification.length === 0)
    return finish({ identification, note: 'the identification line was cut short' });

  const kex = parseKexInit(await readMessage(connection, MESSAGE.kexInit, timeoutMs));
  if (kex === undefined) return finish({ identification, note: 'no list of algorithms came' });
  const exchange = agreedExchange(kex);
  // The private half is thrown away.
  const publicKey = exchange === undefined ? undefined : ephemeralKey(exchange)?.publicKey;
  if (publicKey === undefined) return finish({ identification, kex, note: 'no key exchange in common' });

  connection.write(encodePacket(encodeKexDhInit(publicKey), randomBytes));
  const hostKey = parseKexDhReply(await readMessage(connection, MESSAGE.kexDhReply, timeoutMs));
  if (hostKey === undefined) return finish({ identification, kex, note: 'no host key came' });
  connection.write(encodePacket(encodeDisconnect('sekisho: host key read, not logging in'), randomBytes));
  return finish({ identification, kex, hostKey });
}

/** The identification, with `length` 0 when only a part of the line came; a sentence when there is none. */
async function readFirstLine(connection: Connection, timeoutMs: number): Promise<Identification | string> {
  const { bytes, ended } = await connection.read((received) => {
    const line = readIdentification(received);
    if (line === 'more') return false;
    return line === undefined ? true : line.length;
  }, timeoutMs);
  const line = readIdentification(bytes);
  if (line !== undefined && line !== 'more') return line;
  const text = Buffer.from(bytes).toString('latin1');
  const started = text.startsWith('SSH-') ? parseIdentification(text.split(/[\r\n]/, 1)[0] ?? '') : undefined;
  if (started !== undefined) return { ...started, length: 0 };
  return ended === 'enough' ? 'the identification line breaks RFC 4253' : `no identification line (${ended})`;
}

async function readMessage(connection: Connection, message: number, timeoutMs: number): Promise<Uint8Array> {
  const { bytes } = await connection.read((received) => {
    const packet = findPacket(received, message);
    if (packet === 'more') return false;
    return packet === undefined ? true : packet.length;
  }, timeoutMs);
  const packet = findPacket(bytes, message);
  return packet === undefined || packet === 'more' ? new Uint8Array() : packet.payload;
}

function copyKex(kex: KexInit): NonNullable<SshFacts['kex']> {
  return {
    keyExchange: [...kex.keyExchange],
    hostKey: [...kex.hostKey],
    encryption: [...kex.encryption],
    mac: [...kex.mac],
    compression: [...kex.compression],
  };
}
