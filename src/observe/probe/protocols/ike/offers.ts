/** Requests of an initiator. The same first messages that every VPN client sends; no identity, no key, no password in them. */
import { EXCHANGE } from './packets.ts';

/** encryption, key bits (0: none given), hash, group; numbers of the IKEv1 registry. */
type Suite = readonly [encryption: number, keyBits: number, hash: number, group: number];

const [DES, TRIPLE_DES, AES] = [1, 5, 7];
const [MD5, SHA1, SHA256, SHA384, SHA512] = [1, 2, 4, 5, 6];
export const PRE_SHARED_KEY = 1;
export const XAUTH_PRE_SHARED_KEY = 65001;

/**
 * Strong ones first: a responder that takes a weak one of these was asked for better. Pre-shared key only: libreswan 4.10
 * stays silent to an offer in which ways of authentication are mixed.
 */
const MIXED: readonly Suite[] = [
  [AES, 256, SHA256, 14],
  [AES, 256, SHA1, 14],
  [AES, 128, SHA256, 14],
  [AES, 128, SHA1, 14],
  [AES, 256, SHA512, 14],
  [AES, 256, SHA256, 19],
  [AES, 256, SHA384, 20],
  [AES, 256, SHA256, 15],
  [AES, 256, SHA256, 5],
  [AES, 256, SHA1, 5],
  [AES, 128, SHA1, 5],
  [AES, 256, SHA1, 2],
  [AES, 128, SHA1, 2],
  [TRIPLE_DES, 0, SHA1, 14],
  [TRIPLE_DES, 0, SHA1, 2],
  [TRIPLE_DES, 0, MD5, 2],
];
/** Each is weak by DES, 3DES, MD5 or a group of 1024 bits or less. */
const WEAK: readonly Suite[] = [
  [AES, 256, SHA256, 2],
  [AES, 256, SHA1, 2],
  [AES, 128, SHA1, 2],
  [TRIPLE_DES, 0, SHA256, 14],
  [TRIPLE_DES, 0, SHA1, 14],
  [TRIPLE_DES, 0, SHA1, 5],
  [TRIPLE_DES, 0, MD5, 5],
  [TRIPLE_DES, 0, SHA1, 2],
  [TRIPLE_DES, 0, MD5, 2],
  [AES, 256, MD5, 14],
  [AES, 128, MD5, 2],
  [DES, 0, SHA1, 2],
  [DES, 0, MD5, 1],
];

/** Bytes of the other side's public value, by group: those of the primes of RFC 2409 and 3526. */
const PRIME_BYTES: Readonly<Record<number, number>> = { 1: 96, 2: 128, 5: 192, 14: 256 };

/**
 * NAT traversal (RFC 3947), dead peer detection (RFC 3706), XAUTH: SoftEther 5.01 stays silent to an offer without vendor
 * ids, and gateways offer XAUTH only to clients that name it.
 */
const VENDOR_IDS = [
  '4a131c81070358455c5728f20e95452f',
  'afcad71368a1f1c96b8696fc77570100',
  '09002689dfd6b712',
].map((id) => Buffer.from(id, 'hex'));

/** Random bytes of one conversation. */
export interface Chance {
  /** 8 bytes, not all zero. */
  readonly spi: Uint8Array;
  /** 32 bytes. */
  readonly nonce: Uint8Array;
  /** 256 bytes. */
  readonly publicValue: Uint8Array;
  /** 16 bytes that are nobody's name. */
  readonly identity: Uint8Array;
}

const u16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);
const u32 = (value: number): Buffer =>
  Buffer.of((value >>> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);

interface Message {
  readonly version: 1 | 2;
  readonly exchange: number;
  readonly spi: Uint8Array;
  readonly payloads: readonly (readonly [type: number, body: Uint8Array])[];
}

function encodeMessage({ version, exchange, spi, payloads }: Message): Buffer {
  const body = Buffer.concat(
    payloads.map(([, bytes], at) =>
      Buffer.concat([Buffer.of(payloads[at + 1]?.[0] ?? 0, 0), u16(bytes.length + 4), bytes]),
    ),
  );
  const head = [payloads[0]?.[0] ?? 0, version << 4, exchange, version === 2 ? 0x08 : 0];
  return Buffer.concat([spi, Buffer.alloc(8), Buffer.of(...head), u32(0), u32(28 + body.length), body]);
}

const attribute = (type: number, value: number): Buffer => Buffer.concat([u16(0x8000 | type), u16(value)]);

function transform1([encryption, keyBits, hash, group]: Suite, authentication: number): Buffer {
  return Buffer.concat([
    attribute(1, encryption),
    ...(keyBits === 0 ? [] : [attribute(14, keyBits)]),
    attribute(2, hash),
    attribute(3, authentication),
    attribute(4, group),
    // 8 hours; some responders turn down an offer without a life time.
    attribute(11, 1),
    attribute(12, 28_800),
  ]);
}

function sa1(transforms: readonly Buffer[]): Buffer {
  const body = transforms.map((attributes, at) =>
    Buffer.concat([
      Buffer.of(at === transforms.length - 1 ? 0 : 3, 0),
      u16(8 + attributes.length),
      Buffer.of(at + 1, 1, 0, 0),
      attributes,
    ]),
  );
  const length = body.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([
    u32(1),
    u32(1),
    Buffer.of(0, 0),
    u16(length),
    Buffer.of(1, 1, 0, transforms.length),
    ...body,
  ]);
}

const vendorPayloads = (): readonly (readonly [number, Uint8Array])[] => VENDOR_IDS.map((id) => [13, id]);

/** First message of main mode (RFC 2409 §5): offers and vendor ids. */
export function encodeMainMode({ spi }: Chance): Buffer {
  const transforms = MIXED.map((suite) => transform1(suite, PRE_SHARED_KEY));
  return encodeMessage({
    version: 1,
    exchange: EXCHANGE.main,
    spi,
    payloads: [[1, sa1(transforms)], ...vendorPayloads()],
  });
}

/** The same with weak offers only, for the way of authentication that the responder has chosen before. */
export function encodeWeakMainMode({ spi }: Chance, authentication: number): Buffer {
  const transforms = WEAK.map((suite) => transform1(suite, authentication));
  return encodeMessage({
    version: 1,
    exchange: EXCHANGE.main,
    spi,
    payloads: [[1, sa1(transforms)], ...vendorPayloads()],
  });
}

/**
 * First message of aggressive mode (RFC 2409 §5): one group, a public value, a nonce and a name made of random bytes, which
 * belongs to nobody. A responder that answers sends its hash over the pre-shared key to whoever asks.
 *
 * @param group of main mode's answer; another one than 1, 2, 5 or 14 is taken for 14.
 */
export function encodeAggressiveMode(chance: Chance, group: number, authentication: number): Buffer {
  const known = group in PRIME_BYTES ? group : 14;
  const suites: readonly Suite[] = [
    [AES, 256, SHA256, known],
    [AES, 256, SHA1, known],
    [AES, 128, SHA256, known],
    [AES, 128, SHA1, known],
    [TRIPLE_DES, 0, SHA1, known],
    [TRIPLE_DES, 0, MD5, known],
  ];
  const transforms = suites.map((suite) => transform1(suite, authentication));
  return encodeMessage({
    version: 1,
    exchange: EXCHANGE.aggressive,
    spi: chance.spi,
    payloads: [
      [1, sa1(transforms)],
      [4, publicValue(chance, known)],
      [10, chance.nonce.subarray(0, 16)],
      // ID_KEY_ID, no protocol, no port.
      [5, Buffer.concat([Buffer.of(11, 0, 0, 0), chance.identity])],
      ...vendorPayloads(),
    ],
  });
}

/** A number below the prime: all these primes begin with 64 one bits. */
function publicValue({ publicValue: bytes }: Chance, group: number): Buffer {
  const value = Buffer.from(bytes.subarray(0, PRIME_BYTES[group] ?? 256));
  value[0] = 0x7f;
  return value;
}

type Transforms2 = readonly (readonly [type: number, id: number, keyBits?: number])[];

function proposal2(number: number, isLast: boolean, transforms: Transforms2): Buffer {
  const body = transforms.map(([type, id, keyBits], at) => {
    const key = keyBits === undefined ? Buffer.alloc(0) : attribute(14, keyBits);
    const last = at === transforms.length - 1 ? 0 : 3;
    return Buffer.concat([Buffer.of(last, 0), u16(8 + key.length), Buffer.of(type, 0), u16(id), key]);
  });
  const length = body.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([
    Buffer.of(isLast ? 0 : 2, 0),
    u16(length),
    Buffer.of(number, 1, 0, transforms.length),
    ...body,
  ]);
}

const [ENCRYPTION, PRF, INTEGRITY, GROUP] = [1, 2, 3, 4];
const all = (type: number, ids: readonly number[]): Transforms2 => ids.map((id) => [type, id]);

const USUAL_2: Transforms2 = [
  [ENCRYPTION, 12, 256],
  [ENCRYPTION, 12, 128],
  [ENCRYPTION, 3],
  ...all(PRF, [5, 6, 7, 2]),
  ...all(INTEGRITY, [12, 13, 14, 2]),
  ...all(GROUP, [14, 19, 20, 21, 31, 15, 16, 5, 2]),
];
const AUTHENTICATED_2: Transforms2 = [
  [ENCRYPTION, 20, 256],
  [ENCRYPTION, 20, 128],
  ...all(PRF, [5, 6, 7, 2]),
  ...all(GROUP, [14, 19, 20, 21, 31, 15, 16, 5, 2]),
];
/** Weak by the group, whatever else is taken. */
const WEAK_GROUP_2: Transforms2 = [
  [ENCRYPTION, 12, 256],
  [ENCRYPTION, 12, 128],
  [ENCRYPTION, 3],
  [ENCRYPTION, 2],
  ...all(PRF, [5, 2, 1]),
  ...all(INTEGRITY, [12, 2, 1]),
  ...all(GROUP, [2, 1]),
];
/** Weak by the cipher, whatever else is taken. */
const WEAK_CIPHER_2: Transforms2 = [
  [ENCRYPTION, 3],
  [ENCRYPTION, 2],
  ...all(PRF, [5, 2, 1]),
  ...all(INTEGRITY, [12, 2, 1]),
  ...all(GROUP, [14, 5, 2]),
];

/** IKE_SA_INIT (RFC 7296 §1.2) with the public value for group 14; a responder that wants another says which. */
export function encodeSaInit(chance: Chance): Buffer {
  return saInit(chance, 14, [USUAL_2, AUTHENTICATED_2]);
}

/** The same with weak offers only. */
export function encodeWeakSaInit(chance: Chance): Buffer {
  return saInit(chance, 2, [WEAK_GROUP_2, WEAK_CIPHER_2]);
}

function saInit(chance: Chance, group: number, proposals: readonly Transforms2[]): Buffer {
  const offers = proposals.map((transforms, at) =>
    proposal2(at + 1, at === proposals.length - 1, transforms),
  );
  return encodeMessage({
    version: 2,
    exchange: EXCHANGE.saInit,
    spi: chance.spi,
    payloads: [
      [33, Buffer.concat(offers)],
      [34, Buffer.concat([u16(group), u16(0), publicValue(chance, group)])],
      [40, chance.nonce],
    ],
  });
}
