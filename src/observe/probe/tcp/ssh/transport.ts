import type { Evidence } from '../../../../model/observation.ts';
import type { Connection } from '../../connection.ts';
import { clearTextRecord } from './clear-text-record.ts';
import { MESSAGE, encodePacket, readPacket } from './packets.ts';
import { open, seal, type Lane } from './sealed-packets.ts';
import { parseDisconnect } from './userauth.ts';

/** Packets that one connection may bring: far more than any server sends before log-in. */
const MAX_PACKETS = 64;

/** Messages that may come at any time and ask for no answer (RFC 4253 §11, RFC 8308 §2.4). */
const PASSED_OVER: ReadonlySet<number | undefined> = new Set([
  MESSAGE.ignore,
  MESSAGE.unimplemented,
  MESSAGE.debug,
  MESSAGE.extInfo,
]);

/** The conversation cannot go on; `message` is a sentence for the observation's note. */
export class Stopped extends Error {}

/** Packets over one connection, in clear until `protect`. Counts them, since the authentication codes cover their numbers. */
export interface Transport {
  send(payload: Uint8Array): void;
  /**
   * The next message that is no mere interjection.
   *
   * @param timeoutMs for the message, however many interjections come before it
   * @throws Stopped when none comes or the server disconnects
   */
  receive(timeoutMs: number): Promise<Uint8Array>;
  /** From now on `lane(packets sent so far)` seals what we send. */
  protectSending(lane: (sequence: number) => Lane): void;
  /** From now on `lane(packets received so far)` opens what comes. */
  protectReceiving(lane: (sequence: number) => Lane): void;
  /** What the sealed packets held. */
  clearText(label: string): Evidence;
}

export function createTransport(connection: Connection, random: (length: number) => Uint8Array): Transport {
  const record = clearTextRecord();
  let sent = 0;
  let received = 0;
  let sending: Lane | undefined;
  let receiving: Lane | undefined;

  const send = (payload: Uint8Array): void => {
    sent += 1;
    if (sending === undefined) {
      connection.write(encodePacket(payload, random));
      return;
    }
    const { bytes, next } = seal(sending, payload, random);
    sending = next;
    record.sent(payload);
    connection.write(bytes);
  };

  const receiveAny = async (timeoutMs: number): Promise<Uint8Array> => {
    if (received >= MAX_PACKETS) throw new Stopped(`more than ${MAX_PACKETS} packets came`);
    const lane = receiving;
    const look = (bytes: Uint8Array): ReturnType<typeof readNext> => readNext(lane, bytes);
    const { bytes, ended } = await connection.read((so) => {
      const packet = look(so);
      if (packet === 'more') return false;
      return packet === 'broken' ? true : packet.length;
    }, timeoutMs);
    const packet = look(bytes);
    if (packet === 'broken') throw new Stopped('a packet of the server is damaged');
    if (packet === 'more') throw new Stopped(`no answer (${ended})`);
    received += 1;
    receiving = packet.next;
    if (lane !== undefined) record.received(packet.payload);
    return packet.payload;
  };

  return {
    send,
    receive: async (timeoutMs) => {
      const until = performance.now() + timeoutMs;
      for (;;) {
        const payload = await receiveAny(Math.max(0, until - performance.now()));
        if (PASSED_OVER.has(payload[0])) continue;
        const farewell = parseDisconnect(payload);
        if (farewell !== undefined) throw new Stopped(farewell);
        return payload;
      }
    },
    protectSending: (lane) => {
      sending = lane(sent);
    },
    protectReceiving: (lane) => {
      receiving = lane(received);
    },
    clearText: (label) => record.evidence(label),
  };
}

interface Next {
  readonly payload: Uint8Array;
  readonly length: number;
  readonly next: Lane | undefined;
}

function readNext(lane: Lane | undefined, bytes: Uint8Array): Next | 'more' | 'broken' {
  if (lane !== undefined) return open(lane, bytes);
  const packet = readPacket(bytes);
  if (packet === undefined) return 'broken';
  return packet === 'more' ? 'more' : { ...packet, next: undefined };
}
