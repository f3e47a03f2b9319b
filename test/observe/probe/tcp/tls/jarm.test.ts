import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { askJarm } from '../../../../../src/observe/probe/tcp/tls/ask-jarm.ts';
import {
  JARM_HELLOS,
  jarmAnswer,
  jarmHash,
  jarmHello,
} from '../../../../../src/observe/probe/tcp/tls/jarm.ts';
import { serverFlightBytes } from './flight-bytes.ts';
import { testContext } from './probe-context.ts';
import { identity, tlsServer } from './tls-server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Length and SHA-256 of what jarm.py 1.0 builds for vpn.example.jp with every random byte 7 and GREASE 0x3a3a. */
const REFERENCE = [
  '428 ec48d2d2503697258cdc033687feb68c1c5d45992a7161cbdd7e91e09d5bc947',
  '428 b62ecedd34437661a035da7cecf4615aed2e982259d4fb0084086a114db35583',
  '349 c3172026713ed16ed8bb8b86ab24f35efd4647cf8b07d3ebb5b35dfde2a81a7b',
  '335 7d90e8b05bfb164d5acd5cf3cacbe31e74344599b148a36dc928fa4526ce7205',
  '416 dfde98352076ea0ea17986580745ac3edb22fa5ce7819793a0145291f0e8988d',
  '417 340956f489b1483152109af8dc087864cd6e96ac34a7ffde52fa4e2114ccdd6f',
  '430 8f8f5ed013ce2f88fc45e9fdc7afae9421afc7816ac20ceec65c97817c265e02',
  '430 5c93c299babad56979b9b89a73c5836725477eec37179626cda73e9983513bae',
  '420 7957bd2214197f77cf9bf6d5d6aa820c22a6e850800b445713f3cb94beab03df',
  '443 fe74956363aee86cdc9a7264b9c297275b4acc09e8d6b15a681e12a1ef99c248',
];

/** What jarm.py 1.0 read from real servers (-v) and what it made of it. */
const MEASURED: readonly (readonly [string, string, string])[] = [
  [
    'OpenSSL 1.0.1e',
    '000a|0303||ff01-0023,0005|0303||ff01-0023,|||,000a|0303||ff01-0023,000a|0303||ff01-0023,000a|0302||ff01-0023,000a|0303||ff01-0023,0005|0303||ff01-0023,000a|0303||ff01-0023,000a|0303||ff01-0023',
    '04d02d00004d04d04c04d02d04d04d9674c6b4e623ae36cc2d998e99e2262e',
  ],
  [
    'lighttpd 1.4.69 with mbedTLS',
    'c030|0303|h2|ff01-0001-0017-0023-000b-0010,c030|0303|h2|ff01-0001-0017-0023-000b-0010,|||,c030|0303|http/1.0|ff01-0001-0017-0023-000b-0010,c030|0303|http/1.0|ff01-0001-0017-0023-000b-0010,|||,c030|0303|h2|ff01-0001-0017-0023-000b-0010,c030|0303|h2|ff01-0001-0017-0023-000b-0010,c030|0303|h2|ff01-0001-0017-0023-000b-0010,c030|0303|h2|ff01-0001-0017-0023-000b-0010',
    '2ad2ad0002ad2ad0002ad2ad2ad2adf6fd0866edb1c049bdee9863451b357e',
  ],
  [
    'lighttpd 1.4.69 with GnuTLS 3.7.9',
    'c013|0303|h2|000b-0010-0017-0023-ff01-0001,009d|0303|http/1.0|0010-0017-0023-ff01-0001,|||,c013|0303|http/1.0|000b-0010-0017-0023-ff01-0001,c013|0303|http/1.0|000b-0010-0017-0023-ff01-0001,|||,1302|0303||0033-002b,1303|0303||0033-002b,|||,1301|0303||0033-002b',
    '21d14d00021d21d00042d43d00041d93f678f0d901632191023a3fa861ebba',
  ],
  [
    'Java 17, TLS 1.3 and all before',
    'c030|0303||0001-0017-0023-ff01,c030|0303||0001-0017-0023-ff01,009f|0303||0001-0017-0023-ff01,c030|0303||0001-0017-0023-ff01,c030|0303||0001-0017-0023-ff01,c014|0302||0001-0017-0023-ff01,1302|0303||002b-0033,1302|0303||002b-0033,|||,1302|0303||002b-0033',
    '2ad2ad16d2ad2ad22c42d42d00042de4f6cde49b80ad1e14c340f9e47ccd3a',
  ],
  [
    'OpenSSL 3.0 with TLS 1.3 alone',
    '|||,|||,|||,|||,|||,|||,1302|0303||002b-0033,1303|0303||002b-0033,|||,|||',
    '00000000000000000042d43d0000009535d5979f591ae8e547c5e5743e5b64',
  ],
];

describe('jarmHello', () => {
  it.each(REFERENCE.map((line, index) => [index + 1, line] as const))(
    'hello %i is byte for byte that of the reference',
    (number, line) => {
      const sevens = new Uint8Array(32).fill(7);
      const bytes = jarmHello(JARM_HELLOS[number - 1] ?? { version: 0, order: 'forward' }, 'vpn.example.jp', {
        random: sevens,
        sessionId: sevens,
        keyShare: sevens,
        grease: 3,
      });
      expect(`${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`).toBe(line);
    },
  );
});

describe('jarmHash', () => {
  it.each(MEASURED)('%s', (_name, raw, hash) => expect(jarmHash(raw.split(','))).toBe(hash));

  it('is zeros when nothing answered with a hello', () => {
    expect(jarmHash(Array.from({ length: 10 }, () => '|||'))).toBe('0'.repeat(62));
  });

  it('is 62 hex digits for answers nobody has seen yet', () => {
    const answer = fc
      .tuple(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom('0300', '0303', '0304', '03ff'))
      .map(([suite, version]) => `${suite.toString(16).padStart(4, '0')}|${version}||`);
    fc.assert(
      fc.property(fc.array(answer, { minLength: 10, maxLength: 10 }), (answers) => {
        expect(jarmHash(answers)).toMatch(/^[0-9a-f]{62}$/);
      }),
    );
  });
});

describe('jarmAnswer', () => {
  const flight = serverFlightBytes({ version: 0x0301, cipher: 0x002f, certificates: [] });

  it('reads a hello without extensions, and nothing else', () => {
    expect(jarmAnswer(flight)).toBe('002f|0301||');
    expect(jarmAnswer(Buffer.from('15030300020228', 'hex'))).toBe('|||');
    expect(jarmAnswer(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))).toBe('|||');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(100), (bytes, cut) => {
        expect(jarmAnswer(bytes).split('|').length).toBeGreaterThanOrEqual(4);
        jarmAnswer(Buffer.concat([flight.subarray(0, cut), bytes]));
      }),
    );
  });
});

describe('askJarm', () => {
  it('takes ten connections, two at a time', async () => {
    const { port, server } = await tlsServer({ ...identity('device'), minVersion: 'TLSv1.3' });
    servers.push(server);
    const context = testContext(port);
    expect(await askJarm(context)).toMatch(/^0{18}[0-9a-f]{44}$/);
    expect(context.dialled()).toBe(10);
    expect(context.mostOpen()).toBeLessThanOrEqual(2);
    expect(context.open()).toBe(0);
  });

  it('gives up at the first silence', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const context = testContext((server.address() as AddressInfo).port, { answerTimeoutMs: 80 });
    expect(await askJarm(context)).toBeUndefined();
    expect(context.dialled()).toBe(2);
  });
});
