// Listens on every port of the list at every address, accepts, and holds until the peer leaves. Which places are open
// is decided by the packet filter in front. Runs inside the target's namespace: `node --import tsx open-ports.ts PORTS`.
import { createServer } from 'node:net';

const ports = (process.argv[2] ?? '').split(',').map(Number);
await Promise.all(
  ports.map(
    (port) =>
      new Promise<void>((done, fail) => {
        const server = createServer((socket) => {
          socket.on('error', () => socket.destroy());
          socket.resume();
        });
        server.once('error', fail);
        server.listen({ host: '0.0.0.0', port, backlog: 4096 }, () => done());
      }),
  ),
);
process.stdout.write('ready\n');
