import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { encodeQuery, parseMessage } from '../../../../src/observe/probe/protocols/dns/message.ts';
import { dnsQuestion, dnsTcpQuestion } from '../../../../src/observe/probe/protocols/dns/question.ts';
import { mdnsQuestion } from '../../../../src/observe/probe/protocols/mdns/question.ts';
import { DNS_CAPTURES } from './dns-captures.ts';
import { askTcp, askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS } from './mutated.ts';
import { udpServer } from './udp-server.ts';

type Captured = Readonly<Record<'version' | 'root' | 'serverId', Uint8Array>>;

const ALL = Object.values(DNS_CAPTURES).flatMap(({ version, root, serverId }) => [version, root, serverId]);

/** avahi-daemon 0.8-10+deb12u1. */
const AVAHI = hex(
  '4a6984000001000200000000095f7365727669636573075f646e732d7364045f756470056c6f63616c00000c0001c00c000c0001',
  '0000000a00140c5f776f726b73746174696f6e045f746370c023c00c000c00010000000a0007045f6e7574c047',
);
/** miniupnpd's neighbour on Windows: a NetBIOS node status answer, which has the form of a DNS answer. */
const NETBIOS = hex(
  '80f0840000000001000000002043',
  '4b41414141414141414141414141414141414141414141414141414141414141000021',
  '000100000000000500',
  '00000000',
);

function answerOf({ version, root, serverId }: Captured, request: Uint8Array): readonly Uint8Array[] {
  const name = parseMessage(request)?.questions[0]?.name;
  if (name === '') return root.length > 0 ? [root] : [];
  return [name === 'id.server' ? serverId : version].filter(({ length }) => length > 0);
}

async function askCaptured(captured: Captured) {
  const server = await udpServer((request) => answerOf(captured, request));
  const facts = await askUdp(dnsQuestion, server.port, { answerTimeoutMs: 100 });
  server.close();
  return facts;
}

/** Who goes looking for a stranger recurses for strangers, be it in vain. */
const CONCERNS = { open: ['open-recursion', 'amplifier'], tried: ['open-recursion'], refused: [] };

describe('name servers of Debian', () => {
  it.each([
    ['bind', undefined, '9.18.49-1~deb12u3-Debian', 'open'],
    ['bindAuthoritative', undefined, '9.18.49-1~deb12u3-Debian', 'refused'],
    ['unbound', 'unbound', '1.17.1', 'open'],
    ['unboundRefusing', undefined, undefined, 'refused'],
    ['unboundLocalOnly', 'unbound', '1.17.1', 'refused'],
    ['dnsmasq', 'dnsmasq', '2.90', 'open'],
    ['dnsmasqAlone', 'dnsmasq', '2.90', 'refused'],
    ['knot', 'Knot DNS', '3.2.6', 'refused'],
    ['nsd', 'NSD', '4.6.1', 'refused'],
    ['powerdns', 'PowerDNS Authoritative Server', '4.7.3', 'refused'],
    ['recursorOffline', 'PowerDNS Recursor', '4.8.8', 'tried'],
  ] as const)('%s: %s %s, recursion %s', async (name, product, version, recursion) => {
    const facts = await askCaptured(DNS_CAPTURES[name]);
    expect(facts?.name).toBe('dns');
    expect(facts?.product).toBe(product);
    expect(facts?.version).toBe(version);
    expect(facts?.fields).toContainEqual(['recursion', recursion]);
    expect(facts?.access).toBe(recursion === 'open' ? 'open' : 'unknown');
    expect(facts?.concerns).toEqual(CONCERNS[recursion]);
  });

  it('keeps the name that the server gives itself', async () => {
    expect((await askCaptured(DNS_CAPTURES.knot))?.fields).toContainEqual(['server-id', 'vm']);
  });

  it('asks on when the version is not answered', async () => {
    const facts = await askCaptured({ ...DNS_CAPTURES.unbound, version: Buffer.alloc(0) });
    expect(facts?.concerns).toContain('open-recursion');
  });

  it('speaks the same over TCP, where length is no danger to others', async () => {
    const server = createServer((socket) => {
      socket.on('data', (data) => {
        for (const one of answerOf(DNS_CAPTURES.bind, data.subarray(2))) {
          const framed = Buffer.concat([Buffer.of(one.length >> 8, one.length & 0xff), one]);
          // In two parts, as a slow peer would.
          socket.write(framed.subarray(0, 20));
          setTimeout(() => socket.write(framed.subarray(20)), 10);
        }
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const facts = await askTcp(dnsTcpQuestion, (server.address() as AddressInfo).port);
    server.close();
    expect(facts).toMatchObject({ version: '9.18.49-1~deb12u3-Debian', concerns: ['open-recursion'] });
  });
});

describe('what is not DNS', () => {
  it('is not taken for it', () => {
    const query = encodeQuery({ name: 'version.bind', type: 16, class: 3 }, 0x4a69, true);
    for (const other of [...OTHER_SERVERS, query, AVAHI, NETBIOS]) {
      expect(dnsQuestion.read(other)).toBeUndefined();
      expect(dnsTcpQuestion.read(other)).toBeUndefined();
    }
  });

  it('is a header alone with the id of another', () => {
    expect(dnsQuestion.read(hex('4a6981050000000000000000'))).toMatchObject({ name: 'dns' });
    expect(dnsQuestion.read(hex('4a6a81050000000000000000'))).toBeUndefined();
    expect(dnsQuestion.read(hex('4a6981000000000000000000'))).toBeUndefined();
  });

  it('is a name that goes round in a circle', () => {
    // An answer whose owner name is a pointer to itself.
    const circle = hex('4a69818000010001000000000000020001', 'c011', '00020001000000000000');
    expect(parseMessage(circle)).toBeUndefined();
  });

  it('is bounded whatever comes', () => {
    expectBounded(dnsQuestion, ALL);
    expectBounded(mdnsQuestion, [AVAHI]);
    expectBounded(
      dnsTcpQuestion,
      ALL.map((one) => Buffer.concat([Buffer.of(one.length >> 8, one.length & 0xff), one])),
    );
  });
});

describe('mDNS', () => {
  it('reads the services of avahi', () => {
    expect(mdnsQuestion.read(AVAHI)).toEqual({
      name: 'mdns',
      access: 'open',
      fields: [
        ['service', '_workstation._tcp'],
        ['service', '_nut._tcp'],
      ],
      concerns: ['data-shown'],
    });
  });

  it('takes neither DNS nor NetBIOS for it', () => {
    for (const other of [...OTHER_SERVERS, ...ALL, NETBIOS]) expect(mdnsQuestion.read(other)).toBeUndefined();
  });

  it('asks by unicast', async () => {
    const server = await udpServer(() => [AVAHI]);
    expect((await askUdp(mdnsQuestion, server.port))?.name).toBe('mdns');
    server.close();
    expect(parseMessage(server.requests[0] ?? new Uint8Array())?.questions).toEqual([
      { name: '_services._dns-sd._udp.local', type: 12, class: 1 },
    ]);
  });
});
