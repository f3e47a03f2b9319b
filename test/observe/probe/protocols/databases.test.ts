/** Conversations with databases and caches, played back as they went with the real servers. */
import { describe, expect, it } from 'vitest';
import { parseCql } from '../../../../src/observe/probe/protocols/cassandra/packets.ts';
import { cassandraQuestion } from '../../../../src/observe/probe/protocols/cassandra/question.ts';
import { boltQuestion } from '../../../../src/observe/probe/protocols/bolt/question.ts';
import { versionOf as drdaVersion } from '../../../../src/observe/probe/protocols/drda/packets.ts';
import { db2DiscoveryQuestion } from '../../../../src/observe/probe/protocols/drda/discovery.ts';
import { drdaQuestion } from '../../../../src/observe/probe/protocols/drda/question.ts';
import { encodeConnect as firebirdConnect } from '../../../../src/observe/probe/protocols/firebird/packets.ts';
import { firebirdQuestion } from '../../../../src/observe/probe/protocols/firebird/question.ts';
import {
  memcachedQuestion,
  memcachedUdpQuestion,
} from '../../../../src/observe/probe/protocols/memcached/question.ts';
import { encodeCommand as mongoCommand } from '../../../../src/observe/probe/protocols/mongodb/packets.ts';
import { mongodbQuestion } from '../../../../src/observe/probe/protocols/mongodb/question.ts';
import {
  encodeConnect,
  parseTns,
  versionOf,
} from '../../../../src/observe/probe/protocols/oracle-tns/packets.ts';
import { oracleTnsQuestion } from '../../../../src/observe/probe/protocols/oracle-tns/question.ts';
import { encodeUnknownStartup } from '../../../../src/observe/probe/protocols/postgresql/packets.ts';
import { postgresqlQuestion } from '../../../../src/observe/probe/protocols/postgresql/question.ts';
import { redisQuestion } from '../../../../src/observe/probe/protocols/redis/question.ts';
import type { TcpQuestion } from '../../../../src/observe/probe/question.ts';
import { serve } from '../loopback.ts';
import * as captures from './database-captures.ts';
import { askTcp, askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS, text } from './mutated.ts';
import { playing, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

async function askPlayed(question: TcpQuestion, ...answers: readonly Uint8Array[]) {
  const server = await tcpServer(playing(...answers));
  const facts = await askTcp(question, server.port, { answerTimeoutMs: 200 });
  server.close();
  return facts;
}

describe('redis', () => {
  it('is open when INFO is answered', async () => {
    expect(await askPlayed(redisQuestion, text('+PONG', ''), captures.REDIS_INFO)).toEqual({
      name: 'redis',
      access: 'open',
      product: 'redis',
      version: '7.0.15',
      fields: [
        ['mode', 'standalone'],
        ['os', 'Linux 6.18.44-fc-v669 x86_64'],
        ['architecture', '64'],
        ['executable', '/tmp/dbh/redis-server'],
      ],
      concerns: ['data-shown'],
    });
  });

  it('wants a password, which would go in clear text', async () => {
    const facts = await askPlayed(redisQuestion, text('-NOAUTH Authentication required.', ''));
    expect(facts).toMatchObject({ access: 'password', concerns: ['cleartext-password-offered'] });
  });

  it('turns strangers away in protected mode, before it is asked', () => {
    const words =
      '-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user.';
    expect(redisQuestion.read(text(words, ''))?.access).toBe('turned-away');
  });

  it('is open when PING is answered and INFO was renamed, and not when INFO is forbidden', async () => {
    const renamed = await askPlayed(
      redisQuestion,
      text('+PONG', ''),
      text("-ERR unknown command 'INFO'", ''),
    );
    expect(renamed?.access).toBe('open');
    const forbidden = await askPlayed(
      redisQuestion,
      text('+PONG', ''),
      text("-NOPERM User default has no permissions to run the 'info' command", ''),
    );
    expect(forbidden?.access).toBe('password');
  });

  it.each([
    [['redis_version:7.2.4', 'server_name:valkey', 'valkey_version:8.0.1'], 'valkey', '8.0.1'],
    [['redis_version:7.4.0', 'dragonfly_version:df-v1.25.2'], 'dragonfly', '1.25.2'],
    [['redis_version:6.3.4', 'executable:/usr/local/bin/keydb-server'], 'keydb', '6.3.4'],
    [['redis_version:4.0.0', 'kvrocks_version:2.9.0'], 'kvrocks', '2.9.0'],
  ])('tells relatives apart: %s', (lines, product, version) => {
    const body = ['# Server', ...lines, ''].join('\r\n');
    expect(redisQuestion.read(text(`$${body.length}`, body, ''))).toMatchObject({ product, version });
  });

  it.each(['-ERR unknown command', '+OK', '$5', ':1', '-ERR operation not permitted', '*1'])(
    'is not %s',
    (line) => {
      expect(redisQuestion.read(text(line, ''))).toBeUndefined();
    },
  );
});

describe('memcached', () => {
  it('is open when it tells its version, and wants a password when it refuses', async () => {
    const open = { access: 'open', version: '1.6.18' };
    expect(await askPlayed(memcachedQuestion, text('VERSION 1.6.18', ''))).toMatchObject(open);
    const refused = await askPlayed(memcachedQuestion, text('CLIENT_ERROR unauthenticated', ''));
    expect(refused?.access).toBe('password');
  });

  it('asks in the binary protocol where text is not heard', async () => {
    // The second form is tried on memcached's own port only.
    const server = await serve(
      (socket) =>
        socket.on('data', (data) => {
          if (data[1] === 0x0b) socket.write(captures.MEMCACHED_BINARY);
          if (data[1] === 0x0a) socket.end(captures.MEMCACHED_REFUSED);
        }),
      '127.91.17.3',
      11_211,
    );
    const facts = await askTcp(memcachedQuestion, 11_211, { answerTimeoutMs: 200, address: '127.91.17.3' });
    await server.close();
    expect(facts).toMatchObject({ access: 'password', version: '1.6.18' });
  });

  it('is an amplifier when it answers by UDP', async () => {
    const answer = Buffer.concat([hex('5ec1000000010000'), text('VERSION 1.6.18', '')]);
    const server = await udpServer(() => [answer]);
    const facts = await askUdp(memcachedUdpQuestion, server.port);
    server.close();
    expect(facts).toMatchObject({ access: 'open', version: '1.6.18', concerns: ['amplifier'] });
    expect(Buffer.from(server.requests[0] ?? []).toString('hex')).toBe('5ec100000001000076657273696f6e0d0a');
  });

  it.each(['VERSION 4.0', 'VERSION 1.6.18\r\nmore', 'VERSION', 'VERSION x.y.z'])('is not %j', (line) => {
    expect(memcachedQuestion.read(text(line, '').subarray(0, -2))).toBeUndefined();
  });
});

describe('postgresql', () => {
  it('names no user and no database', () => {
    expect(Buffer.from(encodeUnknownStartup()).toString('hex')).toBe('0000000900ff00ff00');
  });

  it('tells where in the source its error arose', async () => {
    expect(await askPlayed(postgresqlQuestion, text('N'), captures.POSTGRESQL)).toEqual({
      name: 'postgresql',
      access: 'unknown',
      product: 'PostgreSQL',
      fields: [
        ['tls', 'refused'],
        ['sqlstate', '0A000'],
        ['message', 'unsupported frontend protocol 255.255: server supports 3.0 to 3.0'],
        ['source', 'postmaster.c:2222'],
        ['routine', 'ProcessStartupPacket'],
        ['protocols', '3.0 to 3.0'],
      ],
      concerns: ['clear-text'],
    });
  });

  it('goes on without TLS when the offered handshake fails', async () => {
    const server = await tcpServer((socket, count) => {
      socket.once('data', () => {
        socket.write(count === 1 ? 'S' : captures.POSTGRESQL);
        if (count === 1) socket.once('data', () => socket.end());
      });
    });
    const facts = await askTcp(postgresqlQuestion, server.port, { answerTimeoutMs: 300 });
    server.close();
    expect(facts?.fields.slice(0, 2)).toEqual([
      ['tls', 'offered'],
      ['sqlstate', '0A000'],
    ]);
  });

  it('tells PgBouncer from it', () => {
    expect(postgresqlQuestion.read(captures.PGBOUNCER)?.product).toBe('PgBouncer');
  });

  it('is turned away by pg_hba.conf', () => {
    const body = 'SFATAL\0VFATAL\0C28000\0Mno pg_hba.conf entry for host "192.0.2.7"\0Fauth.c\0L543\0\0';
    const error = Buffer.concat([hex('4500000000'), Buffer.from(body)]);
    error.writeUInt32BE(body.length + 4, 1);
    expect(postgresqlQuestion.read(error)).toMatchObject({ access: 'turned-away' });
  });
});

describe('mongodb', () => {
  const hello = ['role', 'primary'];

  it.each([
    [captures.MONGODB_LIST, 'open'],
    [captures.MONGODB_REFUSED, 'password'],
    [new Uint8Array(0), 'unknown'],
  ])('judges by whether databases may be listed', async (list, access) => {
    const facts = await askPlayed(mongodbQuestion, captures.MONGODB_HELLO, captures.MONGODB_BUILD, list);
    expect(facts).toMatchObject({ access, product: 'MongoDB', version: '7.0.14' });
    expect(facts?.fields).toContainEqual(hello);
    expect(facts?.fields).toContainEqual(['hosts', 'db1.example.jp:27017, db2.example.jp:27017']);
    expect(facts?.fields).toContainEqual(['max-wire-version', '21']);
  });

  it('asks for no name of a database', () => {
    const request = Buffer.from(mongoCommand('message', { listDatabases: 1, filter: { name: '' } }));
    expect(request.readUInt32LE(0)).toBe(request.length);
    expect(request.readUInt32LE(12)).toBe(2013);
    expect(request.toString('latin1')).toContain('\x03filter\0\x10\0\0\0\x02name\0\x01\0\0\0\0\0');
  });

  it('is known by a refusal', () => {
    expect(mongodbQuestion.read(captures.MONGODB_REFUSED)).toMatchObject({
      access: 'password',
      fields: [['error', '13']],
    });
    expect(mongodbQuestion.read(captures.MONGODB_BUILD)).toBeUndefined();
  });
});

describe('oracle-tns', () => {
  const refusal = (data: string): Uint8Array => {
    const packet = Buffer.concat([hex('000000000400000022000000'), Buffer.from(data)]);
    packet.writeUInt16BE(packet.length, 0);
    packet.writeUInt16BE(data.length, 10);
    return packet;
  };

  it.each([
    [186_647_552, '11.2.0.4.0'],
    [203_424_000, '12.2.0.1.0'],
    [318_767_104, '19.0.0.0.0'],
    [352_321_536, '21.0.0.0.0'],
    [153_092_352, '9.2.0.1.0'],
  ])('reads VSNNUM %i', (number, version) => {
    expect(versionOf(number)).toBe(version);
  });

  it('asks again when it is told to', async () => {
    const data =
      '(DESCRIPTION=(TMP=)(VSNNUM=186647552)(ERR=12514)(ERROR_STACK=(ERROR=(CODE=12514)(EMFI=4))))';
    const facts = await askPlayed(oracleTnsQuestion, hex('000800000b000000'), refusal(data));
    expect(facts).toMatchObject({
      access: 'unknown',
      version: '11.2.0.4.0',
      fields: [
        ['answer', 'refuse'],
        ['error', '12514'],
      ],
    });
  });

  it('declares its lengths', () => {
    const packet = Buffer.from(encodeConnect());
    expect(packet.readUInt16BE(0)).toBe(packet.length);
    expect(packet.readUInt16BE(26)).toBe(58);
    expect(packet.readUInt16BE(24)).toBe(packet.length - 58);
    expect(packet.subarray(58).toString('latin1')).toMatch(/^\(DESCRIPTION=.*\(USER=\)\)\)\)$/);
  });

  it.each(['000800000b000001', '00590000040000', '000c000002000000013a0000', 'ffff000004000000'])(
    'believes no broken packet: %s',
    (bytes) => {
      expect(oracleTnsQuestion.read(hex(bytes))).toBeUndefined();
    },
  );

  it('waits for the rest', () => {
    expect(parseTns(refusal('(DESCRIPTION=(ERR=1))').subarray(0, 20))).toBe('more');
  });
});

describe('cassandra', () => {
  it.each([
    [captures.CASSANDRA_AUTHENTICATE, 'password'],
    [hex('830000000200000000'), 'open'],
  ])('judges by the answer to STARTUP', async (answer, access) => {
    const facts = await askPlayed(cassandraQuestion, captures.CASSANDRA_SUPPORTED, answer);
    expect(facts?.access).toBe(access);
    expect(facts?.fields.slice(0, 3)).toEqual([
      ['cql-version', '3.4.6'],
      ['protocol', '3/v3'],
      ['protocol', '4/v4'],
    ]);
  });

  it('is not known by nine bytes alone', () => {
    expect(parseCql(hex('830000000200000000'))).toEqual({ kind: 'ready' });
    expect(cassandraQuestion.read(hex('830000000200000000'))).toBeUndefined();
  });
});

describe('drda', () => {
  it('reads EBCDIC', () => {
    expect(drdaQuestion.read(captures.DERBY)).toEqual({
      name: 'drda',
      access: 'unknown',
      product: 'Apache Derby',
      version: '10.14.2.0',
      fields: [
        ['release', 'CSS10140/10.14.2.0 - (???)'],
        ['server-name', 'NetworkServerControl'],
        ['external-name', 'NetworkServerControl main'],
      ],
      concerns: [],
    });
  });

  it.each([
    ['SQL11055', '11.5.5'],
    ['DSN12015', '12.1.5'],
    ['QSQ07040', '7.4.0'],
    ['whatever', undefined],
  ])('reads the release %s', (release, version) => {
    expect(drdaVersion(release)).toBe(version);
  });
});

describe('db2-discovery', () => {
  const answer = Buffer.from('DB2RETADDR\0SQL09078\0dbsrv\0dbsrv.example.com\0', 'latin1');

  it('reads the names of the server', async () => {
    const server = await udpServer(() => [answer]);
    const facts = await askUdp(db2DiscoveryQuestion, server.port);
    server.close();
    expect(facts).toMatchObject({ product: 'DB2', version: '9.7', concerns: ['data-shown'] });
    expect(facts?.fields).toContainEqual(['server-name', 'dbsrv.example.com']);
  });

  it('stays within its bounds, whatever comes', () => {
    expectBounded(db2DiscoveryQuestion, [answer]);
    for (const other of OTHER_SERVERS) expect(db2DiscoveryQuestion.read(other)).toBeUndefined();
  });
});

describe('firebird', () => {
  it('offers protocols and names nobody', () => {
    const packet = Buffer.from(firebirdConnect());
    expect(packet.subarray(0, 28).toString('hex')).toBe(
      '00000001000000130000000300000001000000000000000800000000',
    );
    expect(packet).toHaveLength(28 + 8 * 20);
  });

  it('is known by what it says next', async () => {
    const facts = await askPlayed(firebirdQuestion, captures.FIREBIRD);
    expect(facts).toMatchObject({
      access: 'password',
      product: 'Firebird',
      fields: [['answer', 'continue-authentication']],
    });
    expect(firebirdQuestion.read(hex('00000003ffff800c0000000100000005'))?.fields).toContainEqual([
      'protocol',
      '12',
    ]);
    expect(firebirdQuestion.read(hex('000000030000000a0000000100000003'))?.product).toBeUndefined();
    expect(firebirdQuestion.read(hex('00000004'))).toBeUndefined();
  });
});

describe('bolt', () => {
  const success = hex('0018b170a1', '86736572766572', '8c4e656f346a2f352e31332e30', '8000', '0000');

  it('says hello only where that is no log-in', async () => {
    expect(await askPlayed(boltQuestion, hex('00000405'), success)).toMatchObject({
      access: 'unknown',
      product: 'Neo4j',
      version: '5.13.0',
      fields: [['bolt', '5.4']],
    });
    let requests = 0;
    const server = await tcpServer((socket) => {
      socket.on('data', () => {
        requests += 1;
        socket.write(hex('00000404'));
      });
    });
    const old = await askTcp(boltQuestion, server.port, { answerTimeoutMs: 200 });
    server.close();
    expect(old?.fields).toEqual([['bolt', '4.4']]);
    expect(requests).toBe(1);
  });

  it.each(['00000000', '00000905', '48545450', '01000405'])('does not believe %s', async (bytes) => {
    expect(await askPlayed(boltQuestion, hex(bytes))).toBeUndefined();
  });
});
