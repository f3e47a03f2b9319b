import { createSocket } from 'node:dgram';
import type { Listening, Place } from './listening.ts';

export interface DnsOptions extends Place {
  /**
   * Name → answers. Each inner list is one answer; the last one stays. `[['10.0.0.1'], ['10.0.0.2']]` is a name that
   * changes its address after it was first asked for (rebinding).
   */
  readonly names: Readonly<Record<string, readonly (readonly string[])[]>>;
}

const A = 1;

/** A name server (RFC 1035) for A records; time to live 0. Every question is witnessed: "dns A www.example". */
export async function startDns(options: DnsOptions): Promise<Listening> {
  const events: string[] = [];
  const asked = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const question = readQuestion(query);
    if (question === undefined) return;
    events.push(`dns ${question.type === A ? 'A' : `type${question.type}`} ${question.name}`);
    socket.send(answer(query, question, addressesFor(question)), peer.port, peer.address);
  });
  const addressesFor = ({ name, type }: Question): readonly string[] | undefined => {
    const answers = options.names[name];
    if (answers === undefined) return undefined;
    if (type !== A) return [];
    const turn = asked.get(name) ?? 0;
    asked.set(name, turn + 1);
    return answers[Math.min(turn, answers.length - 1)] ?? [];
  };
  await new Promise<void>((done, fail) => {
    socket.once('error', fail);
    socket.bind(options.port, options.host, done);
  });
  return {
    host: options.host,
    port: socket.address().port,
    events,
    accepted: () => events.length,
    close: () =>
      new Promise((done) => {
        socket.close(done);
      }),
  };
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** First byte behind the question. */
  readonly end: number;
}

function readQuestion(query: Buffer): Question | undefined {
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = query[at] ?? 64;
    // No compression in questions.
    if (length > 63 || at + length >= query.length) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString('latin1', at, at + length));
    at += length;
  }
  if (at + 4 > query.length) return undefined;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at), end: at + 4 };
}

function answer(query: Buffer, question: Question, addresses: readonly string[] | undefined): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  // Response, recursion available; NXDOMAIN for a name that is not ours.
  header.writeUInt16BE(addresses === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses?.length ?? 0, 6);
  header.writeUInt32BE(0, 8);
  const records = (addresses ?? []).map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  );
  return Buffer.concat([header, query.subarray(12, question.end), ...records]);
}
