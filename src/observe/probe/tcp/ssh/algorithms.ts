import type { CipherGCMTypes } from 'node:crypto';
import type { KexInit, KexInitBothWays } from './kex-init.ts';
import { clientOffer } from './key-exchange.ts';

interface Sizes {
  readonly keyBytes: number;
  readonly ivBytes: number;
  /** Packets are a multiple of this long. */
  readonly block: number;
}

/** `algorithm` is OpenSSL's name. */
export type Cipher =
  | (Sizes & { readonly mode: 'ctr' | 'cbc'; readonly algorithm: string })
  | (Sizes & { readonly mode: 'gcm'; readonly algorithm: CipherGCMTypes });

export interface Mac {
  readonly hash: string;
  /** Length of the key and of the code. */
  readonly bytes: number;
  /** Encrypt-then-MAC: over the encrypted packet, whose length field stays in clear (OpenSSH PROTOCOL §1.5). */
  readonly overEncrypted: boolean;
}

/**
 * What we can really do, the first choice first. aes128-ctr is known nearly everywhere, GCM is for hardened servers, CBC
 * for old devices (3des-cbc is the REQUIRED cipher of RFC 4253 §6.3). chacha20-poly1305@openssh.com is left out: Node has
 * no Poly1305 of its own, and a server that knows nothing else only costs a note.
 */
export const CIPHERS: Readonly<Record<string, Cipher>> = {
  'aes128-ctr': { mode: 'ctr', algorithm: 'aes-128-ctr', keyBytes: 16, ivBytes: 16, block: 16 },
  'aes256-ctr': { mode: 'ctr', algorithm: 'aes-256-ctr', keyBytes: 32, ivBytes: 16, block: 16 },
  'aes128-gcm@openssh.com': { mode: 'gcm', algorithm: 'aes-128-gcm', keyBytes: 16, ivBytes: 12, block: 16 },
  'aes256-gcm@openssh.com': { mode: 'gcm', algorithm: 'aes-256-gcm', keyBytes: 32, ivBytes: 12, block: 16 },
  'aes128-cbc': { mode: 'cbc', algorithm: 'aes-128-cbc', keyBytes: 16, ivBytes: 16, block: 16 },
  'aes256-cbc': { mode: 'cbc', algorithm: 'aes-256-cbc', keyBytes: 32, ivBytes: 16, block: 16 },
  '3des-cbc': { mode: 'cbc', algorithm: 'des-ede3-cbc', keyBytes: 24, ivBytes: 8, block: 8 },
};

/** RFC 6668, RFC 4253 §6.4 (hmac-sha1 is the REQUIRED one). */
export const MACS: Readonly<Record<string, Mac>> = {
  'hmac-sha2-256': { hash: 'sha256', bytes: 32, overEncrypted: false },
  'hmac-sha2-512': { hash: 'sha512', bytes: 64, overEncrypted: false },
  'hmac-sha2-256-etm@openssh.com': { hash: 'sha256', bytes: 32, overEncrypted: true },
  'hmac-sha2-512-etm@openssh.com': { hash: 'sha512', bytes: 64, overEncrypted: true },
  'hmac-sha1': { hash: 'sha1', bytes: 20, overEncrypted: false },
};

/**
 * For a connection that goes on to encryption. "kex-strict-c-v00@openssh.com" is not in it on purpose: without it both
 * sides keep counting packets over NEWKEYS (RFC 4253 §6.4). It guards against a man in the middle who drops packets
 * (CVE-2023-48795), and here nothing is worth guarding: no secret is sent. "ext-info-c" is not in it either.
 */
export function encryptingOffer(): KexInit {
  return {
    ...clientOffer(),
    encryption: Object.keys(CIPHERS),
    mac: Object.keys(MACS),
    compression: ['none'],
  };
}

/** Cipher of one direction; `mac` is undefined where the cipher authenticates by itself (RFC 5647). */
export interface Protection {
  readonly cipher: Cipher;
  readonly mac: Mac | undefined;
}

export interface ProtectionBothWays {
  readonly toServer: Protection;
  readonly toClient: Protection;
}

/** What both sides arrive at (RFC 4253 §7.1); a sentence when there is nothing in common. */
export function agreedProtection(server: KexInitBothWays): ProtectionBothWays | string {
  const toServer = oneWay(server.toServer);
  const toClient = oneWay(server.toClient);
  if (typeof toServer === 'string') return toServer;
  return typeof toClient === 'string' ? toClient : { toServer, toClient };
}

function oneWay({ encryption, mac, compression }: KexInit): Protection | string {
  const cipher = firstCommon(CIPHERS, encryption);
  if (cipher === undefined) return 'no cipher in common';
  if (!compression.includes('none')) return 'the server insists on compression';
  if (cipher.mode === 'gcm') return { cipher, mac: undefined };
  const code = firstCommon(MACS, mac);
  return code === undefined ? 'no message authentication code in common' : { cipher, mac: code };
}

function firstCommon<T>(ours: Readonly<Record<string, T>>, theirs: readonly string[]): T | undefined {
  return Object.entries(ours).find(([name]) => theirs.includes(name))?.[1];
}
