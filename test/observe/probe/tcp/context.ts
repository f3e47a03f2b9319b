import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pino } from 'pino';
import { DialError, type Connection } from '../../../../src/observe/probe/connection.ts';
import type { ProbeContext } from '../../../../src/observe/probe/probe.ts';
import { DEFAULT_BYTE_CAPS, TcpConnection } from '../../../../src/observe/probe/tcp-connection.ts';

/** A context that reaches one port on loopback, and counts the connections it opened and still holds. */
export interface LoopbackContext extends ProbeContext {
  readonly dials: () => number;
  readonly held: () => number;
}

export function contextFor(port: number, overrides: Partial<ProbeContext> = {}): LoopbackContext {
  let dials = 0;
  let held = 0;
  const dial = (): Promise<Connection> => {
    dials += 1;
    return new Promise((resolve, reject) => {
      const began = performance.now();
      const socket = connect({ host: overrides.address ?? '127.0.0.1', port });
      socket.once('error', (error) => reject(new DialError('closed', error.message)));
      socket.once('connect', () => {
        socket.removeAllListeners('error');
        held += 1;
        const place = { address: overrides.address ?? '127.0.0.1', port, rttMs: performance.now() - began };
        resolve(new TcpConnection(socket, place, DEFAULT_BYTE_CAPS, () => (held -= 1)));
      });
    });
  };
  return {
    address: '127.0.0.1',
    port,
    hostNames: [],
    dial,
    refusal: async () => 'out of scope in this test',
    dialTo: async () => {
      throw new DialError('refused-by-scope', 'out of scope in this test');
    },
    answerTimeoutMs: 1000,
    greetingTimeoutMs: 400,
    sshAuthMethods: false,
    webShellPaths: [],
    jarm: false,
    webRequests: [],
    hinted: () => new Set(),
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    dials: () => dials,
    held: () => held,
    ...overrides,
  };
}

export interface Loopback {
  readonly port: number;
  /** What each client sent, one entry a connection in the order in which they came. */
  readonly received: Buffer[];
  close(): Promise<void>;
}

/** A server on 127.0.0.1 at a port that the system chooses. */
export function serve(onConnection: (socket: Socket, number: number) => void): Promise<Loopback> {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const number = received.push(Buffer.alloc(0)) - 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      received[number] = Buffer.concat([received[number] ?? Buffer.alloc(0), chunk]);
    });
    onConnection(socket, number);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        received,
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
}
