import { createHash } from 'node:crypto';
import { sshString } from './packets.ts';

/** What both sides hash to agree on one exchange (RFC 4253 §8, RFC 5656 §4, RFC 8731 §3.1). */
export interface ExchangeTranscript {
  /** Identification lines without CR LF. */
  readonly clientIdentification: string;
  readonly serverIdentification: string;
  /** Payloads of both KEXINIT packets. */
  readonly clientKexInit: Uint8Array;
  readonly serverKexInit: Uint8Array;
  readonly hostKeyBlob: Uint8Array;
  /** e and f, or Q_C and Q_S: bodies as sent. */
  readonly clientPublicKey: Uint8Array;
  readonly serverPublicKey: Uint8Array;
  /** K as the body of an mpint. */
  readonly secret: Uint8Array;
}

/** The exchange hash H. */
export function exchangeHash(hash: string, transcript: ExchangeTranscript): Uint8Array {
  const inOrder = [
    transcript.clientIdentification,
    transcript.serverIdentification,
    transcript.clientKexInit,
    transcript.serverKexInit,
    transcript.hostKeyBlob,
    transcript.clientPublicKey,
    transcript.serverPublicKey,
    transcript.secret,
  ];
  return createHash(hash)
    .update(Buffer.concat(inOrder.map((part) => sshString(part))))
    .digest();
}

export interface KeyMaterial {
  readonly hash: string;
  /** K as the body of an mpint. */
  readonly secret: Uint8Array;
  readonly exchangeHash: Uint8Array;
  /** H of the first exchange of a connection. */
  readonly sessionId: Uint8Array;
}

/** A and B: initial IV · C and D: encryption key · E and F: integrity key; the first of each from client to server. */
export type KeyLetter = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/** One key of `length` bytes, RFC 4253 §7.2. */
export function deriveKey(material: KeyMaterial, letter: KeyLetter, length: number): Uint8Array {
  const common = Buffer.concat([sshString(material.secret), material.exchangeHash]);
  const digest = (rest: Uint8Array): Buffer => createHash(material.hash).update(common).update(rest).digest();
  let key = digest(Buffer.concat([Buffer.from(letter), material.sessionId]));
  while (key.length < length) key = Buffer.concat([key, digest(key)]);
  return key.subarray(0, length);
}
