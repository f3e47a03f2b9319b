import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { Reading, TcpLine, TcpQuestion, UdpLine, UdpQuestion } from '../../question.ts';
import { askPrograms } from './conversation.ts';
import { mountdFacts, rpcbindFacts, sunRpcFacts } from './facts.ts';
import {
  RPCBIND,
  encodeRecord,
  parseDump,
  parseExports,
  parseRecord,
  parseReply,
  type RpcReply,
} from './packets.ts';

/**
 * The list of programs that rpcbind (portmap) keeps; a stranger's map of the machine.
 *
 * Fields: `program` ("nfs 3,4 tcp/2049", one each).
 */
export const rpcbindQuestion: TcpQuestion = {
  protocol: 'rpcbind',
  ports: [111],
  elsewhere: 'never',
  read: readRecord,
  ask: (line) => askPrograms('rpcbind', overTcp(line), false),
};

/**
 * NFS versions by NULL calls, which do nothing. No file handle is asked for. Asked on any port: a server that has only
 * another RPC program says so and is asked for mountd and rpcbind on the same connection.
 *
 * Fields: `version` (2, 3, 4; one each).
 */
export const nfsQuestion: TcpQuestion = {
  protocol: 'nfs',
  ports: [2049],
  elsewhere: 'ask',
  read: () => undefined,
  ask: (line) => askPrograms('nfs', overTcp(line), false),
};

/**
 * The list of exports of an NFS server. Nothing is mounted.
 *
 * Fields: `export` ("/srv/data 192.0.2.0/24 host.example", one each; "*" for everybody).
 */
export const mountdQuestion: TcpQuestion = {
  protocol: 'mountd',
  ports: [20_048],
  elsewhere: 'never',
  read: () => undefined,
  ask: (line) => askPrograms('mountd', overTcp(line), false),
};

export const rpcbindUdpQuestion: UdpQuestion = {
  protocol: 'rpcbind',
  ports: [111],
  read: (received) => readMessage(received, received.length),
  ask: (line) => askPrograms('rpcbind', overUdp(line), true),
};

export const nfsUdpQuestion: UdpQuestion = {
  protocol: 'nfs',
  ports: [2049],
  read: () => undefined,
  ask: (line) => askPrograms('nfs', overUdp(line), true),
};

export const mountdUdpQuestion: UdpQuestion = {
  protocol: 'mountd',
  ports: [20_048],
  read: () => undefined,
  ask: (line) => askPrograms('mountd', overUdp(line), true),
};

function overTcp(line: TcpLine): (call: Uint8Array, xid: number) => Promise<RpcReply | undefined> {
  return (call, xid) =>
    line.exchange(encodeRecord(call), (received): Reading<RpcReply> => {
      const message = parseRecord(received);
      return message === undefined || message === 'more' ? message : parseReply(message, xid);
    });
}

function overUdp(line: UdpLine): (call: Uint8Array, xid: number) => Promise<RpcReply | undefined> {
  return (call, xid) => line.exchange(call, (received) => parseReply(received, xid));
}

function readRecord(received: Uint8Array): ProtocolFacts | undefined {
  const message = parseRecord(received);
  return message === undefined || message === 'more' ? undefined : readMessage(message);
}

/**
 * A reply does not name its program. A list of programs with rpcbind's own and a list of exports with a path prove
 * theirs; an accepted reply of another kind proves RPC and no more.
 */
function readMessage(message: Uint8Array, datagramLength?: number): ProtocolFacts | undefined {
  const reply = parseReply(message);
  if (reply === undefined) return undefined;
  if (reply.status === 'program-unavailable') return sunRpcFacts();
  if (reply.status !== 'success') return undefined;
  const programs = parseDump(reply.results);
  if (programs?.some(({ program }) => program === RPCBIND) === true)
    return rpcbindFacts(programs, datagramLength);
  const entries = parseExports(reply.results);
  return entries?.some(({ directory }) => directory.startsWith('/')) === true
    ? mountdFacts(entries)
    : undefined;
}
