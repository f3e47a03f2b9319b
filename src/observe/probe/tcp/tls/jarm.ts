/**
 * JARM, an active fingerprint of a TLS server: github.com/salesforce/jarm (BSD-3-Clause), version 1.0. Ten hellos that differ
 * in version, suites, their order, GREASE and extensions; which suite and version the server picks for each, and a
 * hash over its extensions, make 62 hex digits that Shodan and others publish too. Built from the published rules.
 */
import { extension, u16, vector } from './wire.ts';
import { createHash } from 'node:crypto';
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { parseServerHello } from './server-hello.ts';

type Order = 'forward' | 'reverse' | 'top-half' | 'bottom-half' | 'middle-out';

export interface JarmHello {
  /** As it stands in the hello; 0x0304 is written as 0x0303 with supported_versions. */
  readonly version: number;
  /** Without the suites of TLS 1.3. */
  readonly isWithout13?: true;
  readonly order: Order;
  readonly isGreased?: true;
  /** Leaves out h2 and http/1.1. */
  readonly isRareAlpn?: true;
  /** Whether and up to which version supported_versions is sent. */
  readonly supports?: 0x0303 | 0x0304;
  readonly isReversed?: true;
}

/** In the order of the fingerprint. */
export const JARM_HELLOS: readonly JarmHello[] = [
  { version: 0x0303, order: 'forward', supports: 0x0303, isReversed: true },
  { version: 0x0303, order: 'reverse', supports: 0x0303 },
  { version: 0x0303, order: 'top-half' },
  { version: 0x0303, order: 'bottom-half', isRareAlpn: true },
  { version: 0x0303, order: 'middle-out', isGreased: true, isRareAlpn: true, isReversed: true },
  { version: 0x0302, order: 'forward' },
  { version: 0x0304, order: 'forward', supports: 0x0304, isReversed: true },
  { version: 0x0304, order: 'reverse', supports: 0x0304 },
  { version: 0x0304, isWithout13: true, order: 'forward', supports: 0x0304 },
  { version: 0x0304, order: 'middle-out', isGreased: true, supports: 0x0304, isReversed: true },
];

const SUITES = numbers(
  '0016 0033 0067 c09e c0a2 009e 0039 006b c09f c0a3 009f 0045 00be 0088 00c4 009a c008 c009 c023 c0ac c0ae c02b ' +
    'c00a c024 c0ad c0af c02c c072 c073 cca9 1302 1301 cc14 c007 c012 c013 c027 c02f c014 c028 c030 c060 c061 c076 ' +
    'c077 cca8 1305 1304 1303 cc13 c011 000a 002f 003c c09c c0a0 009c 0035 003d c09d c0a1 009d 0041 00ba 0084 00c0 ' +
    '0007 0004 0005',
);
/** Place in this list, from 1, is what the fingerprint holds of a suite. */
const RANKED = SUITES.toSorted((a, b) => rank(a) - rank(b));
const ALPN = ['http/0.9', 'http/1.0', 'http/1.1', 'spdy/1', 'spdy/2', 'spdy/3', 'h2', 'h2c', 'hq'];
const COMMON_ALPN = new Set(['http/1.1', 'h2']);

/** Ascending, but with the suites of TLS 1.3 at the end. */
function rank(suite: number): number {
  return suite >> 8 === 0x13 ? suite + 0x1_0000 : suite;
}

function numbers(text: string): number[] {
  return text.split(' ').map((digits) => Number.parseInt(digits, 16));
}

export interface JarmRandomness {
  /** 32 bytes each. */
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly keyShare: Uint8Array;
  /** 0 … 15: which of the GREASE values (RFC 8701). */
  readonly grease: number;
}

/** @param host name or address as a person would give it: part of the published rule, also for addresses. */
export function jarmHello(hello: JarmHello, host: string, randomness: JarmRandomness): Uint8Array {
  const grease = u16(0x0a0a + 0x1010 * (randomness.grease & 15));
  const suites = hello.isWithout13 === true ? SUITES.filter((one) => one >> 8 !== 0x13) : SUITES;
  const list = [...(hello.isGreased === true ? [grease] : []), ...inOrder(suites, hello.order).map(u16)];
  const body = Buffer.concat([
    u16(Math.min(hello.version, 0x0303)),
    Buffer.from(randomness.random),
    vector(1, Buffer.from(randomness.sessionId)),
    vector(2, Buffer.concat(list)),
    vector(1, Buffer.from([0])),
    vector(2, Buffer.concat(extensionsOf(hello, host, { grease, keyShare: randomness.keyShare }))),
  ]);
  const message = Buffer.concat([Buffer.from([1]), vector(3, body)]);
  const record = hello.version === 0x0304 ? 0x0301 : hello.version;
  return Buffer.concat([Buffer.from([22]), u16(record), vector(2, message)]);
}

function extensionsOf(
  hello: JarmHello,
  host: string,
  { grease, keyShare }: { readonly grease: Buffer; readonly keyShare: Uint8Array },
): Buffer[] {
  const isGreased = hello.isGreased === true;
  const order: Order = hello.isReversed === true ? 'reverse' : 'forward';
  const name = Buffer.from(host.slice(0, 255), 'latin1');
  const protocols = hello.isRareAlpn === true ? ALPN.filter((one) => !COMMON_ALPN.has(one)) : ALPN;
  const share = Buffer.concat([
    ...(isGreased ? [grease, vector(2, Buffer.from([0]))] : []),
    u16(29),
    vector(2, Buffer.from(keyShare)),
  ]);
  return [
    ...(isGreased ? [Buffer.concat([grease, u16(0)])] : []),
    extension(0, vector(2, Buffer.concat([Buffer.from([0]), vector(2, name)]))),
    extension(23, Buffer.alloc(0)),
    extension(1, Buffer.from([1])),
    extension(0xff01, Buffer.from([0])),
    extension(10, vector(2, Buffer.concat([29, 23, 24, 25].map(u16)))),
    extension(11, vector(1, Buffer.from([0]))),
    extension(35, Buffer.alloc(0)),
    extension(
      16,
      vector(2, Buffer.concat(inOrder(protocols, order).map((one) => vector(1, Buffer.from(one))))),
    ),
    extension(13, vector(2, Buffer.concat(SIGNATURE_ALGORITHMS.map(u16)))),
    extension(51, vector(2, share)),
    extension(45, vector(1, Buffer.from([1]))),
    ...supportedVersions(hello, order, grease),
  ];
}

const SIGNATURE_ALGORITHMS = numbers('0403 0804 0401 0503 0805 0501 0806 0601 0201');

function supportedVersions(hello: JarmHello, order: Order, grease: Buffer): Buffer[] {
  const { supports } = hello;
  if (supports === undefined) return [];
  const versions = [0x0301, 0x0302, 0x0303, 0x0304].filter((one) => one <= supports);
  const list = inOrder(versions, order).map(u16);
  return [extension(43, vector(1, Buffer.concat(hello.isGreased === true ? [grease, ...list] : list)))];
}

/** The published ways to shuffle a list. */
function inOrder<T>(list: readonly T[], order: Order): T[] {
  const middle = Math.floor(list.length / 2);
  const isOdd = list.length % 2 === 1;
  switch (order) {
    case 'forward':
      return [...list];
    case 'reverse':
      return list.toReversed();
    case 'bottom-half':
      return list.slice(isOdd ? middle + 1 : middle);
    case 'top-half':
      return list.slice(0, isOdd ? middle + 1 : middle).toReversed();
    case 'middle-out':
      return middleOut(list);
  }
}

/** From the middle outwards, the later one of each pair first. */
function middleOut<T>(list: readonly T[]): T[] {
  const middle = Math.floor(list.length / 2);
  const isOdd = list.length % 2 === 1;
  const pairs = Array.from({ length: middle }, (_, index) => [
    list[middle + index + (isOdd ? 1 : 0)],
    list[middle - index - 1],
  ]);
  return [...(isOdd ? [list[middle]] : []), ...pairs.flat()].filter((one) => one !== undefined);
}

const SERVER_HELLO = 2;
const NOTHING = '|||';

/** "c02f|0303|h2|ff01-000b": suite, version as in the field, ALPN and extension types; "|||" for any other answer. */
export function jarmAnswer(received: Uint8Array): string {
  const reader = new ByteReader(received);
  const type = reader.u8();
  reader.skip(4);
  if (type !== 22 || reader.u8() !== SERVER_HELLO) return NOTHING;
  const length = reader.u24();
  const hello = parseServerHello(reader.take(Math.min(length, reader.left)));
  if (reader.short || hello === undefined) return NOTHING;
  const { cipher, fieldVersion, alpn = '', extensions } = hello;
  return [hex(cipher), hex(fieldVersion), alpn, extensions.map(hex).join('-')].join('|');
}

/** @param answers ten texts of `jarmAnswer`, in the order of `JARM_HELLOS`. */
export function jarmHash(answers: readonly string[]): string {
  if (answers.every((one) => one === NOTHING)) return '0'.repeat(62);
  const parts = answers.map((one) => one.split('|'));
  const picks = parts.map(([suite = '', version = '']) => suiteMark(suite) + versionMark(version)).join('');
  const rest = parts.map(([, , alpn = '', extensions = '']) => alpn + extensions).join('');
  return picks + createHash('sha256').update(rest).digest('hex').slice(0, 32);
}

function suiteMark(suite: string): string {
  if (suite === '') return '00';
  const at = RANKED.indexOf(Number.parseInt(suite, 16));
  return ((at === -1 ? RANKED.length : at) + 1).toString(16).padStart(2, '0');
}

/** "0303" → d. */
function versionMark(version: string): string {
  return version === '' ? '0' : ('abcdef'[Number.parseInt(version.slice(3), 16)] ?? '0');
}

function hex(number: number): string {
  return number.toString(16).padStart(4, '0');
}
