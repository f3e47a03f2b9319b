/** What holds for every question to a database, cache or broker: strict, bounded, and no peer that it hangs on. */
import { describe, expect, it } from 'vitest';
import { aerospikeQuestion } from '../../../../src/observe/probe/protocols/aerospike/question.ts';
import { amqpQuestion } from '../../../../src/observe/probe/protocols/amqp/question.ts';
import { beanstalkdQuestion } from '../../../../src/observe/probe/protocols/beanstalkd/question.ts';
import { boltQuestion } from '../../../../src/observe/probe/protocols/bolt/question.ts';
import { cassandraQuestion } from '../../../../src/observe/probe/protocols/cassandra/question.ts';
import { drdaQuestion } from '../../../../src/observe/probe/protocols/drda/question.ts';
import { epmdQuestion } from '../../../../src/observe/probe/protocols/epmd/question.ts';
import { erlangQuestion } from '../../../../src/observe/probe/protocols/erlang/question.ts';
import { firebirdQuestion } from '../../../../src/observe/probe/protocols/firebird/question.ts';
import { gearmanQuestion } from '../../../../src/observe/probe/protocols/gearman/question.ts';
import { kafkaQuestion } from '../../../../src/observe/probe/protocols/kafka/question.ts';
import {
  memcachedQuestion,
  memcachedUdpQuestion,
} from '../../../../src/observe/probe/protocols/memcached/question.ts';
import { mongodbQuestion } from '../../../../src/observe/probe/protocols/mongodb/question.ts';
import { natsQuestion } from '../../../../src/observe/probe/protocols/nats/question.ts';
import { openwireQuestion } from '../../../../src/observe/probe/protocols/openwire/question.ts';
import { oracleTnsQuestion } from '../../../../src/observe/probe/protocols/oracle-tns/question.ts';
import { postgresqlQuestion } from '../../../../src/observe/probe/protocols/postgresql/question.ts';
import { redisQuestion } from '../../../../src/observe/probe/protocols/redis/question.ts';
import { sapNiQuestion } from '../../../../src/observe/probe/protocols/sap-ni/question.ts';
import { zookeeperQuestion } from '../../../../src/observe/probe/protocols/zookeeper/question.ts';
import type { TcpQuestion } from '../../../../src/observe/probe/question.ts';
import * as captures from './database-captures.ts';
import { askTcp, askTcpWithTls } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS, text } from './mutated.ts';
import { drippingFirst, HOSTILE_PEERS, tcpServer } from './tcp-server.ts';

const NATS = text(
  'INFO {"server_id":"NAV","server_name":"n1","version":"2.9.10","proto":1,"go":"go1.19.8","host":"192.0.2.1","port":4222,"headers":true,"max_payload":1048576} ',
  '',
);
const TNS_REFUSAL =
  '(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=12514)(ERROR_STACK=(ERROR=(CODE=12514)(EMFI=4))))';
const ORACLE = Buffer.concat([
  hex('0000000004000000', '2200'),
  Uint8Array.of(0, TNS_REFUSAL.length),
  Buffer.from(TNS_REFUSAL),
]);
ORACLE[1] = ORACLE.length;
const AEROSPIKE = Buffer.concat([
  hex('0201000000000032'),
  Buffer.from('build\t6.4.0.23\nedition\tAerospike Community Edition'),
]);
AEROSPIKE[7] = AEROSPIKE.length - 8;

/** Each question with an answer that it must know at once, whoever asked. */
const QUESTIONS: readonly (readonly [TcpQuestion, Uint8Array])[] = [
  [redisQuestion, captures.REDIS_INFO],
  [memcachedQuestion, text('VERSION 1.6.18', '')],
  [postgresqlQuestion, captures.POSTGRESQL],
  [mongodbQuestion, captures.MONGODB_HELLO],
  [oracleTnsQuestion, ORACLE],
  [cassandraQuestion, captures.CASSANDRA_SUPPORTED],
  [kafkaQuestion, captures.KAFKA_APIS],
  [amqpQuestion, captures.RABBITMQ],
  [zookeeperQuestion, captures.ZOOKEEPER],
  [natsQuestion, NATS],
  [openwireQuestion, captures.ACTIVEMQ],
  [beanstalkdQuestion, captures.BEANSTALKD],
  [gearmanQuestion, captures.GEARMAN_ECHO],
  [epmdQuestion, captures.EPMD],
  [erlangQuestion, captures.ERLANG],
  [firebirdQuestion, captures.FIREBIRD],
  [drdaQuestion, captures.DERBY],
  [boltQuestion, hex('0018b170a1', '86736572766572', '8c4e656f346a2f352e31332e30', '8000', '0000')],
  [aerospikeQuestion, AEROSPIKE],
  [sapNiQuestion, hex('000000084e495f504f4e4700')],
];

const SPEAKS_FIRST: ReadonlySet<TcpQuestion> = new Set([natsQuestion, openwireQuestion]);
const UNREAD = text('AMQP gateway', 'OK', 'VERSION unknown', '');

describe.each(QUESTIONS.map(([question, answer]) => [question.protocol, question, answer] as const))(
  '%s',
  (protocol, question, answer) => {
    it('knows its answer and nobody else does', () => {
      expect(question.read(answer)?.name).toBe(protocol);
      for (const [other] of QUESTIONS) {
        if (other !== question)
          expect(`${other.protocol} ${other.read(answer)?.name}`).toBe(`${other.protocol} undefined`);
      }
    });

    it('takes nothing else for it', () => {
      for (const other of [...OTHER_SERVERS, UNREAD]) expect(question.read(other)).toBeUndefined();
    });

    it('stays within its bounds, whatever comes', () => {
      expectBounded(question, [answer]);
    });

    it('asks in at most 700 bytes', async () => {
      const sizes: number[] = [];
      const server = await tcpServer((socket) => {
        socket.on('data', (data) => sizes.push(data.length));
      });
      await askTcp(question, server.port, { answerTimeoutMs: 80 });
      server.close();
      if (!SPEAKS_FIRST.has(question)) expect(sizes[0]).toBeGreaterThan(2);
      for (const size of sizes) expect(size).toBeLessThanOrEqual(700);
    });

    it('hears an answer that comes byte by byte', async () => {
      const [first = answer] = FIRST_ANSWERS.get(question) ?? [];
      const server = await tcpServer(
        SPEAKS_FIRST.has(question) ? (socket) => void socket.write(first) : drippingFirst(first),
      );
      const { facts, held } = await askTcpWithTls(question, server.port, { answerTimeoutMs: 300 });
      server.close();
      expect(facts?.name).toBe(protocol);
      expect(held).toBe(0);
    });

    it.each(HOSTILE_PEERS)('gives up on %s', async (_name, play) => {
      const server = await tcpServer(play);
      const { facts, held } = await askTcpWithTls(question, server.port, { answerTimeoutMs: 120 });
      server.close();
      expect(facts).toBeUndefined();
      expect(held).toBe(0);
    });
  },
);

/** What the question is answered with first, where that is another answer than the one above. */
const FIRST_ANSWERS = new Map<TcpQuestion, readonly Uint8Array[]>([
  [redisQuestion, [text('+PONG', '')]],
  [boltQuestion, [hex('00000405')]],
]);

describe('memcached by UDP', () => {
  it('stays within its bounds, whatever comes', () => {
    const answer = Buffer.concat([hex('5ec1000000010000'), text('VERSION 1.6.18', '')]);
    expect(memcachedUdpQuestion.read(answer)?.concerns).toEqual(['amplifier']);
    expectBounded(memcachedUdpQuestion, [answer]);
    for (const other of OTHER_SERVERS) expect(memcachedUdpQuestion.read(other)).toBeUndefined();
  });
});
