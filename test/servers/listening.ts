import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * A server that tests and the demo look at. `events` is the witness: what clients did beyond looking
 * ("vnc response", "http POST /login", "ssh after-newkeys") is written there, so a test can assert that nothing of
 * the kind ever happened.
 */
export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly events: readonly string[];
  /** Connections accepted so far. */
  readonly accepted: () => number;
  close(): Promise<void>;
}

export interface Place {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

export type Note = (event: string) => void;
/** One conversation. It may throw whenever the peer goes away; the connection is closed when it returns. */
export type Conversation = (socket: Socket, note: Note) => Promise<void>;

/** No connection of these servers lives longer, whatever the client does. */
const LIFE_MS = 60_000;

/** Serves `conversation` at one address and port. @throws the system's error when the place is taken or not ours */
export async function listen(place: Place, conversation: Conversation): Promise<Listening> {
  const events: string[] = [];
  const note = (event: string): void => void events.push(event);
  const server = createServer((socket) => {
    const life = setTimeout(() => socket.destroy(), LIFE_MS);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clearTimeout(life));
    conversation(socket, note)
      .catch(() => undefined)
      .finally(() => socket.end());
  });
  return running(server, place, events);
}

/** Makes any server of node:net, node:tls or node:http listen and able to end with its connections. */
export async function running(server: Server, place: Place, events: readonly string[]): Promise<Listening> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    // A long backlog: a scanner may knock at several doors of one process in the same millisecond.
    server.listen({ host: place.host, port: place.port, backlog: 1024 }, () => {
      server.off('error', fail);
      done();
    });
  });
  const bound = server.address();
  return {
    host: place.host,
    port: typeof bound === 'object' && bound !== null ? bound.port : place.port,
    events,
    accepted: () => accepted,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/**
 * Exactly `length` bytes, without taking more from the stream, so that TLS can take over behind them.
 *
 * @throws Error when the peer ends first
 */
export async function readExactly(stream: Duplex, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let missing = length;
  while (missing > 0) {
    // Asking for more than is there would leave bytes in the stream, and "readable" fires at once for those: a busy loop.
    const there = Math.min(missing, stream.readableLength);
    const chunk = there === 0 ? null : (stream.read(there) as Buffer | null);
    if (chunk !== null) {
      parts.push(chunk);
      missing -= chunk.length;
      continue;
    }
    if (stream.readableEnded || stream.destroyed) throw new Error('the peer ended');
    await readable(stream);
  }
  return Buffer.concat(parts);
}

/** Whatever comes next, at least one byte. @throws Error when the peer ends first */
export async function readSome(stream: Duplex): Promise<Buffer> {
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) return chunk;
    if (stream.readableEnded || stream.destroyed) throw new Error('the peer ended');
    await readable(stream);
  }
}

/** Text up to and without CR LF or LF, at most `max` bytes. @throws Error when the peer ends first or the line is too long */
export async function readLine(stream: Duplex, max = 1024): Promise<string> {
  const line: number[] = [];
  while (line.length < max) {
    const byte = (await readExactly(stream, 1))[0] ?? 0;
    if (byte === 0x0a) return Buffer.from(line).toString('latin1').replace(/\r$/, '');
    line.push(byte);
  }
  throw new Error('line too long');
}

/** Waits for the peer to end; what it still sends is thrown away. */
export async function untilEnd(stream: Duplex): Promise<void> {
  try {
    for (;;) await readSome(stream);
  } catch {
    // The end is what was waited for.
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms).unref();
  });
}

function readable(stream: Duplex): Promise<void> {
  return new Promise((done) => {
    const finish = (): void => {
      for (const event of ['readable', 'end', 'close', 'error']) stream.off(event, finish);
      done();
    };
    for (const event of ['readable', 'end', 'close', 'error']) stream.on(event, finish);
  });
}
