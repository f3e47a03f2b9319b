/** Conversations with message brokers, queues and coordinators, played back as they went with the real servers. */
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { aerospikeQuestion } from '../../../../src/observe/probe/protocols/aerospike/question.ts';
import { amqpQuestion } from '../../../../src/observe/probe/protocols/amqp/question.ts';
import { beanstalkdQuestion } from '../../../../src/observe/probe/protocols/beanstalkd/question.ts';
import { epmdQuestion } from '../../../../src/observe/probe/protocols/epmd/question.ts';
import { erlangQuestion } from '../../../../src/observe/probe/protocols/erlang/question.ts';
import { gearmanQuestion } from '../../../../src/observe/probe/protocols/gearman/question.ts';
import { kafkaQuestion } from '../../../../src/observe/probe/protocols/kafka/question.ts';
import { mqttQuestion } from '../../../../src/observe/probe/protocols/mqtt/question.ts';
import { natsQuestion } from '../../../../src/observe/probe/protocols/nats/question.ts';
import { openwireQuestion } from '../../../../src/observe/probe/protocols/openwire/question.ts';
import { sapNiQuestion } from '../../../../src/observe/probe/protocols/sap-ni/question.ts';
import { zookeeperQuestion } from '../../../../src/observe/probe/protocols/zookeeper/question.ts';
import type { TcpQuestion } from '../../../../src/observe/probe/question.ts';
import * as captures from './database-captures.ts';
import { askTcp } from './line.ts';
import { hex, text } from './mutated.ts';
import { playing, tcpServer } from './tcp-server.ts';

async function askPlayed(question: TcpQuestion, ...answers: readonly Uint8Array[]) {
  const server = await tcpServer(playing(...answers));
  const facts = await askTcp(question, server.port, { answerTimeoutMs: 200 });
  server.close();
  return facts;
}

describe('amqp', () => {
  it('is introduced by RabbitMQ', async () => {
    expect(await askPlayed(amqpQuestion, captures.RABBITMQ)).toEqual({
      name: 'amqp',
      access: 'password',
      product: 'RabbitMQ',
      version: '3.10.8',
      fields: [
        ['protocol-version', '0-9-1'],
        ['platform', 'Erlang/OTP 25.2.3'],
        ['cluster-name', 'rabbit@vm'],
        ['mechanism', 'PLAIN'],
        ['mechanism', 'AMQPLAIN'],
      ],
      concerns: ['cleartext-password-offered'],
    });
  });

  it('asks brokers of 1.0 for their mechanisms', async () => {
    const server = await tcpServer((socket, count) => {
      socket.once('data', () => socket.end(count === 1 ? hex('414d515000010000') : captures.ARTEMIS_LIKE));
    });
    const facts = await askTcp(amqpQuestion, server.port, { answerTimeoutMs: 300 });
    server.close();
    expect(facts).toMatchObject({
      access: 'unknown',
      fields: [
        ['protocol-version', '1.0'],
        ['mechanism', 'ANONYMOUS'],
      ],
      concerns: ['no-authentication-type'],
    });
  });

  it.each(['414d515009090909', '414d5150', '01000000000010000a000b0009'])('does not believe %s', (bytes) => {
    expect(amqpQuestion.read(hex(bytes))).toBeUndefined();
  });
});

describe('mqtt', () => {
  /** As mosquitto 2.0.11 behaves (measured): it looks at the type of the first packet before anything else. */
  const broker = (socket: Socket): void => {
    socket.once('data', (data) => {
      if ((data[0] ?? 0) >> 4 !== 1) socket.resetAndDestroy();
    });
  };
  const ask = async (play: (socket: Socket) => void) => {
    const sent: Buffer[] = [];
    const server = await tcpServer((socket) => {
      socket.on('data', (data) => sent.push(data));
      play(socket);
    });
    const facts = await askTcp(mqttQuestion, server.port, { answerTimeoutMs: 200 });
    server.close();
    return { facts, sent: Buffer.concat(sent).toString('hex') };
  };

  it('is told by the order that it insists on, and no CONNECT is sent', async () => {
    const { facts, sent } = await ask(broker);
    expect(facts).toMatchObject({ name: 'mqtt', access: 'unknown' });
    expect(sent).toBe('c00010');
  });

  it.each([
    ['is silent', () => undefined],
    ['ends at everything', (socket: Socket) => void socket.once('data', () => socket.end())],
    ['ends at once', (socket: Socket) => void socket.end()],
    ['speaks', (socket: Socket) => void socket.once('data', () => socket.end('what?'))],
  ])('is no server that %s', async (_name, play) => {
    expect((await ask(play)).facts).toBeUndefined();
  });

  it.each([
    ['20020001', 'unknown', '3'],
    ['20020005', 'password', '3'],
    ['2003008400', 'unknown', '5'],
    ['2003008700', 'password', '5'],
  ])('reads the recorded answer %s', (bytes, access, form) => {
    const facts = mqttQuestion.read(hex(bytes));
    expect(facts?.access).toBe(access);
    expect(facts?.fields[0]).toEqual(['answer-version', form]);
  });

  it.each(['20020006', '20020200', '2002000100', '2003000100', '30020001', '2005008400'])(
    'does not believe %s',
    (bytes) => {
      expect(mqttQuestion.read(hex(bytes))).toBeUndefined();
    },
  );
});

describe('epmd', () => {
  const server = (answer: Uint8Array) =>
    tcpServer((socket) => void socket.once('data', () => socket.end(answer)));

  it('shows the nodes of its machine', async () => {
    const { port, close } = await server(captures.EPMD);
    const facts = await askTcp(epmdQuestion, port, { answerTimeoutMs: 300 });
    close();
    expect(facts).toMatchObject({
      access: 'open',
      fields: [
        ['node', 'rabbit'],
        ['node-port', '45672'],
      ],
      concerns: ['data-shown'],
    });
  });

  it('believes an empty list only with its own port before it', async () => {
    const { port, close } = await server(hex('00001111'));
    expect(await askTcp(epmdQuestion, port, { answerTimeoutMs: 300 })).toBeUndefined();
    close();
    expect(epmdQuestion.read(hex('00001111'))).toBeUndefined();
  });
});

describe('erlang-distribution', () => {
  it('is refused before the cookie', async () => {
    expect(await askPlayed(erlangQuestion, captures.ERLANG)).toMatchObject({
      access: 'password',
      fields: [
        ['status', 'not_allowed'],
        ['handshake', '6'],
      ],
    });
  });
});

describe('zookeeper', () => {
  it('shows its state', () => {
    expect(zookeeperQuestion.read(captures.ZOOKEEPER)).toEqual({
      name: 'zookeeper',
      access: 'open',
      product: 'ZooKeeper',
      version: '3.8.0',
      fields: [
        ['mode', 'standalone'],
        ['nodes', '5'],
        ['built', '2024-12-29 17:54 UTC'],
      ],
      concerns: ['data-shown'],
    });
  });

  it('says when the word is not allowed', async () => {
    const facts = await askPlayed(
      zookeeperQuestion,
      text('srvr is not executed because it is not in the whitelist.\n'),
    );
    expect(facts).toMatchObject({ access: 'unknown', fields: [['state', 'command-not-allowed']] });
  });

  it('tells the keeper of ClickHouse from it', () => {
    const answer = text(
      'ClickHouse Keeper version: v23.5.3.24-stable-76f54616d3b, built on 04/06/2023\nMode: leader\n',
    );
    expect(zookeeperQuestion.read(answer)).toMatchObject({
      product: 'ClickHouse Keeper',
      version: '23.5.3.24',
    });
  });
});

describe('nats', () => {
  const info = (rest: string): Uint8Array =>
    text(`INFO {"server_id":"N","version":"2.9.10","max_payload":1048576${rest}} `, '');
  const greeting = async (first: Uint8Array, answer: Uint8Array) => {
    const server = await tcpServer((socket) => {
      socket.write(first);
      socket.on('data', () => socket.write(answer));
    });
    const facts = await askTcp(natsQuestion, server.port, { answerTimeoutMs: 200 });
    server.close();
    return facts;
  };

  it('is open when PING is answered before CONNECT', async () => {
    expect(await greeting(info(''), text('PONG', ''))).toMatchObject({ access: 'open', version: '2.9.10' });
    expect(await greeting(info(''), text("-ERR 'Authorization Violation'", ''))).toMatchObject({
      access: 'password',
    });
  });

  it('says itself that it wants a log-in', async () => {
    const facts = await greeting(info(',"auth_required":true'), text('PONG', ''));
    expect(facts).toMatchObject({ access: 'password', concerns: ['cleartext-password-offered'] });
    expect(natsQuestion.read(info(',"tls_required":true,"tls_verify":true'))?.access).toBe('strong');
  });

  it.each(['INFO {}', 'INFO {"server_id":1}', 'INFO {broken', 'INFO nothing'])('is not %s', (line) => {
    expect(natsQuestion.read(text(line, ''))).toBeUndefined();
  });
});

describe('kafka', () => {
  it('is open when it names its brokers', async () => {
    expect(await askPlayed(kafkaQuestion, captures.KAFKA_APIS, captures.KAFKA_METADATA)).toEqual({
      name: 'kafka',
      access: 'open',
      fields: [
        ['apis', '6'],
        ['highest-api', '67'],
        ['produce-versions', '0-9'],
        ['fetch-versions', '0-13'],
        ['broker', 'kafka1.example.jp:9092'],
        ['broker', 'kafka2.example.jp:9092'],
        ['controller', '1'],
      ],
      concerns: ['data-shown'],
    });
  });

  it('stays unknown when it closes on the second question', async () => {
    expect((await askPlayed(kafkaQuestion, captures.KAFKA_APIS))?.access).toBe('unknown');
  });
});

describe('openwire', () => {
  it('is introduced by the broker', () => {
    expect(openwireQuestion.read(captures.ACTIVEMQ)).toEqual({
      name: 'openwire',
      access: 'unknown',
      product: 'ActiveMQ',
      version: '5.17.2',
      fields: [
        ['openwire', '12'],
        ['platform', 'Java'],
      ],
      concerns: [],
    });
  });
});

describe('beanstalkd, gearman, aerospike, sap-ni', () => {
  it('read what their servers answered', async () => {
    expect(await askPlayed(beanstalkdQuestion, captures.BEANSTALKD)).toMatchObject({
      access: 'open',
      version: '1.12',
    });
    expect(await askPlayed(gearmanQuestion, captures.GEARMAN_ECHO, text('OK 1.1.20+ds\n'))).toMatchObject({
      access: 'open',
      version: '1.1.20+ds',
    });
    expect(await askPlayed(sapNiQuestion, hex('000000084e495f504f4e4700'))).toMatchObject({ name: 'sap-ni' });
  });

  it('aerospike says when it wants a log-in', () => {
    const answer = Buffer.concat([
      hex('0201000000000000'),
      Buffer.from('build\tERROR:80:not authenticated\n'),
    ]);
    answer[7] = answer.length - 8;
    expect(aerospikeQuestion.read(answer)).toMatchObject({ access: 'password', product: 'Aerospike' });
  });
});
