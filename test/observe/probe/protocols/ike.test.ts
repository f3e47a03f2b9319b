import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeAggressiveMode,
  encodeMainMode,
  encodeSaInit,
  encodeWeakMainMode,
  encodeWeakSaInit,
  PRE_SHARED_KEY,
  type Chance,
} from '../../../../src/observe/probe/protocols/ike/offers.ts';
import { parseIkeAnswer } from '../../../../src/observe/probe/protocols/ike/packets.ts';
import { ikeQuestion } from '../../../../src/observe/probe/protocols/ike/question.ts';
import { lookUpVendorId } from '../../../../src/observe/probe/protocols/ike/vendor-ids.ts';
import type { ProtocolFacts } from '../../../../src/model/facts.ts';
import { MAX_REQUEST } from '../../../../src/observe/probe/question.ts';
import { askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS } from './mutated.ts';
import { udpServer } from './udp-server.ts';

interface Turn {
  /** Initiator SPI of the request that was answered. */
  readonly spi: string;
  /** Hex; empty for silence. */
  readonly answer: string;
}
/** Answers of real servers, in the order of the questions, by package and configuration. */
const CAPTURES = JSON.parse(readFileSync(new URL('ike-captures.json', import.meta.url), 'utf8')) as Record<
  string,
  readonly Turn[]
>;
const named = (beginning: string): readonly Turn[] =>
  Object.entries(CAPTURES).find(([name]) => name.startsWith(beginning))?.[1] ?? [];
const answersOf = (turns: readonly Turn[]): readonly Buffer[] =>
  turns.map(({ answer }) => Buffer.from(answer, 'hex')).filter(({ length }) => length > 0);
const ALL = Object.values(CAPTURES).flatMap(answersOf);

const CHANCE: Chance = {
  spi: hex('0102030405060708'),
  nonce: Buffer.alloc(32, 7),
  publicValue: Buffer.alloc(256, 0xff),
  identity: Buffer.alloc(16, 9),
};
const REQUESTS: readonly Buffer[] = [
  encodeSaInit(CHANCE),
  encodeMainMode(CHANCE),
  encodeAggressiveMode(CHANCE, 2, PRE_SHARED_KEY),
  encodeAggressiveMode(CHANCE, 14, 65001),
  encodeWeakMainMode(CHANCE, PRE_SHARED_KEY),
  encodeWeakSaInit(CHANCE),
];

const fieldsOf = (facts: ProtocolFacts | undefined, name: string): readonly string[] =>
  (facts?.fields ?? []).filter(([key]) => key === name).map(([, value]) => value);

/** Plays a conversation; the initiator cookie of the day stands where that of the capture stood. */
async function playBack(
  turns: readonly Turn[],
): Promise<{ facts: ProtocolFacts | undefined; asked: number }> {
  const spis: string[] = [];
  const server = await udpServer((request) => {
    const spi = Buffer.from(request.subarray(0, 8)).toString('hex');
    if (!spis.includes(spi)) spis.push(spi);
    const turn = turns[spis.indexOf(spi)];
    if (turn === undefined || turn.answer === '') return [];
    const answer = turn.answer.replaceAll(turn.spi, spi);
    // Recorded on 4500, where a marker stands before it.
    return [Buffer.from(answer.startsWith('00000000') ? answer.slice(8) : answer, 'hex')];
  });
  const facts = await askUdp(ikeQuestion, server.port, { answerTimeoutMs: 60 });
  server.close();
  return { facts, asked: spis.length };
}

describe('IKE conversations of real servers', () => {
  it('strongSwan with versions 1 and 2: both offered, a weak offer accepted', async () => {
    const { facts, asked } = await playBack(named('strongswan 5.9.8-5+deb12u6, IKEv1 and IKEv2'));
    expect(asked).toBe(4);
    expect(facts).toMatchObject({ name: 'ike', access: 'unknown', concerns: ['weak-proposal'] });
    expect(facts?.product).toBeUndefined();
    expect(fieldsOf(facts, 'ikev1')).toEqual(['offered']);
    expect(fieldsOf(facts, 'ikev2')).toEqual(['offered']);
    expect(fieldsOf(facts, 'ikev1-accepted')).toEqual([
      'aes-cbc-256 sha2-256 modp2048 pre-shared-key',
      'aes-cbc-128 sha1 modp1024 pre-shared-key',
    ]);
    expect(fieldsOf(facts, 'ikev2-accepted')).toEqual(['aes-cbc-256 sha2-256 sha2-256-128 modp2048']);
    expect(fieldsOf(facts, 'extension')).toContain('dead peer detection');
  });

  it('strongSwan in aggressive mode with XAUTH gives its hash away', async () => {
    const { facts } = await playBack(named('strongswan 5.9.8-5+deb12u6, IKEv1 aggressive'));
    expect(facts).toMatchObject({
      access: 'password',
      product: 'strongSwan',
      concerns: ['aggressive-mode', 'weak-proposal'],
    });
    expect(fieldsOf(facts, 'ikev2')).toEqual(['refused']);
    expect(fieldsOf(facts, 'aggressive-mode')).toEqual(['hash']);
    expect(fieldsOf(facts, 'identity')).toEqual(['ipv4 10.99.0.12']);
  });

  it('libreswan names its release and fills its messages up with zeroes', async () => {
    const { facts } = await playBack(named('libreswan 4.10'));
    expect(facts).toMatchObject({ access: 'unknown', product: 'Libreswan', version: '4.10', concerns: [] });
    expect(fieldsOf(facts, 'ikev1')).toEqual(['offered']);
    expect(fieldsOf(facts, 'ikev2')).toEqual(['offered']);
  });

  it('SoftEther is known by the order of its vendor ids and attributes', async () => {
    const { facts } = await playBack(named('softether'));
    expect(facts).toMatchObject({
      access: 'password',
      product: 'SoftEther VPN',
      concerns: ['aggressive-mode', 'weak-proposal'],
    });
    expect(fieldsOf(facts, 'ikev2')).toEqual([]);
  });

  it('a demanded group proves version 2, a bare refusal does not', async () => {
    const { facts } = await playBack(named('strongswan 5.9.8-5+deb12u6, IKEv2 with ecp384'));
    expect(facts).toMatchObject({ product: 'strongSwan', concerns: [], access: 'unknown' });
    expect(fieldsOf(facts, 'ikev2')).toEqual(['offered']);
    expect(fieldsOf(facts, 'ikev1')).toEqual(['refused']);
    expect(fieldsOf(facts, 'demanded-group')).toEqual(['ecp384']);
  });

  it('SoftEther refuses under a cookie of its own', async () => {
    // softether-vpnserver 5.01.9674, answer to an offer of ECDSA only.
    const refusal =
      'b8c59021144a122300000000000000000b1005005a857658000000380000001c000000010110000ea04db471e049b8050000000000000000';
    const { facts } = await playBack([
      { spi: 'ffffffffffffffff', answer: '' },
      { spi: 'a04db471e049b805', answer: refusal },
    ]);
    expect(facts?.product).toBe('SoftEther VPN');
    expect(fieldsOf(facts, 'cookie')).toEqual(['random']);
    expect(fieldsOf(facts, 'ikev1')).toEqual(['refused']);
  });

  it('takes no answer that belongs to somebody else', async () => {
    const server = await udpServer(() => ALL);
    expect(await askUdp(ikeQuestion, server.port, { answerTimeoutMs: 40 })).toBeUndefined();
    server.close();
  });

  it('takes no echo for an answer, and survives silence and garbage', async () => {
    for (const play of [
      (request: Uint8Array) => [request],
      () => [],
      () => [Buffer.alloc(600, 0x41), Buffer.alloc(0), Buffer.alloc(28)],
    ]) {
      const server = await udpServer(play);
      expect(await askUdp(ikeQuestion, server.port, { answerTimeoutMs: 40 })).toBeUndefined();
      server.close();
    }
  });

  it('puts the marker before requests to 4500 only, with fresh cookies that do not begin like it', async () => {
    for (const port of [500, 4500]) {
      const sent: Uint8Array[] = [];
      await ikeQuestion.ask({
        address: '127.0.0.1',
        port,
        exchange: (request) => {
          sent.push(request);
          return Promise.resolve(undefined);
        },
      });
      expect(sent).toHaveLength(3);
      expect(sent.every((request) => (request.subarray(0, 4).join() === '0,0,0,0') === (port === 4500))).toBe(
        true,
      );
      expect(new Set(sent.map((request) => Buffer.from(request.subarray(4, 8)).toString('hex'))).size).toBe(
        3,
      );
    }
  });
});

describe('IKE packets', () => {
  it('asks in small datagrams whose length field is right', () => {
    for (const request of REQUESTS) {
      expect(request.length + 4).toBeLessThanOrEqual(MAX_REQUEST);
      expect(request.readUInt32BE(24)).toBe(request.length);
      expect(request.subarray(0, 8)).toEqual(CHANCE.spi);
    }
  });

  it('knows answers with and without the marker, and no request', () => {
    const marker = Buffer.alloc(4);
    for (const answer of ALL) {
      expect(parseIkeAnswer(answer)).toBeDefined();
      if (answer.readUInt32BE(0) !== 0)
        expect(parseIkeAnswer(Buffer.concat([marker, answer]))).toEqual(parseIkeAnswer(answer));
    }
    for (const request of REQUESTS) expect(ikeQuestion.read(request)).toBeUndefined();
  });

  it('takes nothing that is cut or goes on, nor other protocols', () => {
    for (const answer of ALL) {
      for (let length = 0; length < answer.length; length += 1)
        expect(ikeQuestion.read(answer.subarray(0, length))).toBeUndefined();
      expect(ikeQuestion.read(Buffer.concat([answer, Buffer.of(1)]))).toBeUndefined();
    }
    for (const other of OTHER_SERVERS) expect(ikeQuestion.read(other)).toBeUndefined();
  });

  it('is bounded and never throws', () => {
    expectBounded(ikeQuestion, [...ALL, ...REQUESTS]);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void lookUpVendorId(bytes)));
  });

  it('judges weakness by what was accepted only', () => {
    const main = answersOf(named('strongswan 5.9.8-5+deb12u6, IKEv1 and IKEv2'))[1] ?? Buffer.alloc(0);
    const text = main.toString('hex');
    const concernsWith = (from: string, to: string) =>
      ikeQuestion.read(Buffer.from(text.replace(from, to), 'hex'))?.concerns;
    expect(concernsWith('', '')).toEqual([]);
    expect(concernsWith('8004000e', '80040002')).toEqual(['weak-proposal']);
    expect(concernsWith('80020004', '80020001')).toEqual(['weak-proposal']);
    expect(concernsWith('80010007', '80010005')).toEqual(['weak-proposal']);
    expect(concernsWith('8004000e', '80040014')).toEqual([]);
  });

  it('does not call aggressive mode a hash where a signature came', () => {
    const aggressive =
      answersOf(named('softether'))
        .find((answer) => answer[18] === 4)
        ?.toString('hex') ?? '';
    const signed = Buffer.from(aggressive.replace('80030001', '80030003'), 'hex');
    expect(ikeQuestion.read(Buffer.from(aggressive, 'hex'))?.concerns).toEqual(['aggressive-mode']);
    expect(ikeQuestion.read(signed)).toMatchObject({ access: 'unknown', concerns: [] });
  });
});

describe('vendor ids', () => {
  it.each([
    ['882fe56d6fd20dbc2251613b2ebe5beb', { product: 'strongSwan' }],
    // ike-scan 1.9.5, ike-vendor-ids: strongSwan 4.2.3 and 2.8.9.
    ['2d1f406118fbd5d28474791ffa00488a', { product: 'strongSwan', version: '4.2.3' }],
    ['0e9e820524932da199a498953afa8a7e', { product: 'strongSwan', version: '2.8.9' }],
    [Buffer.from('OE-Libreswan-4.10').toString('hex'), { product: 'Libreswan', version: '4.10' }],
    ['4f45755c645c6a795c5c6170', { product: 'Openswan or FreeS/WAN' }],
    ['8299031757a36082c6a621de00050218', { product: 'FortiGate' }],
    ['1e2b516905991c7d7c96fcbfb587e46100000009', { product: 'Windows' }],
    [Buffer.from('CISCO-DELETE-REASON').toString('hex'), { product: 'Cisco' }],
    ['5b362bc820f60007', { product: 'SonicWall' }],
    [
      `${'ab'.repeat(32)}${Buffer.from(Buffer.from('VN=12.11.3 BN=719894').toString('base64')).toString('hex')}`,
      { product: 'WatchGuard Firebox', version: '12.11.3' },
    ],
    ['afcad71368a1f1c96b8696fc77570100', { extension: 'dead peer detection' }],
    ['00112233445566778899aabbccddeeff', undefined],
    ['', undefined],
  ])('%s', (digits, expected) => {
    expect(lookUpVendorId(Buffer.from(digits, 'hex'))).toEqual(expected);
  });
});
