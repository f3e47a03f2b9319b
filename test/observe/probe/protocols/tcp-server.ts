import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP server on loopback. `play` gets every new connection. */
export async function tcpServer(
  play: (socket: Socket, count: number) => void,
): Promise<{ readonly port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    count += 1;
    play(socket, count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Answers the n-th piece that comes on a connection with the n-th of `answers`. */
export function playing(...answers: readonly Uint8Array[]): (socket: Socket) => void {
  return (socket) => {
    let next = 0;
    socket.on('data', () => {
      const answer = answers[next];
      next += 1;
      if (answer !== undefined) socket.write(answer);
    });
  };
}

/** The same, one byte at a time. */
export function drippingFirst(answer: Uint8Array): (socket: Socket) => void {
  return (socket) => {
    socket.setNoDelay(true);
    let next = 0;
    const drip = (): void => {
      if (next >= answer.length || socket.destroyed) return;
      socket.write(answer.subarray(next, next + 1));
      next += 1;
      setImmediate(drip);
    };
    socket.once('data', drip);
  };
}

/** Peers that no conversation may hang on or fail at: silence, end, garbage, a stream without end. */
export const HOSTILE_PEERS: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['silence', () => undefined],
  ['an end at once', (socket) => void socket.end()],
  ['a reset at once', (socket) => void socket.resetAndDestroy()],
  ['garbage', (socket) => void socket.write(Buffer.alloc(300, 0xa5))],
  ['zeroes', (socket) => void socket.write(Buffer.alloc(300))],
  [
    'an echo',
    (socket) => {
      socket.on('data', (data) => socket.write(data));
    },
  ],
  [
    'a stream without end',
    (socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(4096, 0x41)));
      };
      socket.on('drain', more);
      more();
    },
  ],
];
