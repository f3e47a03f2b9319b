import { createServer, type Server, type Socket } from 'node:net';

export type Behaviour = (socket: Socket) => void;

/** One address with many ports, and the count of connections held to it at once as the server sees them. */
export interface Crowd {
  readonly host: string;
  readonly highest: () => number;
  readonly accepted: () => number;
  close(): Promise<void>;
}

/** Starts a server for each port of one address. */
export async function startCrowd(host: string, ports: Readonly<Record<number, Behaviour>>): Promise<Crowd> {
  const sockets = new Set<Socket>();
  let highest = 0;
  let accepted = 0;
  const servers = await Promise.all(
    Object.entries(ports).map(([port, behave]) =>
      listenOn(host, Number(port), (socket) => {
        accepted += 1;
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('end', () => sockets.delete(socket));
        socket.on('close', () => sockets.delete(socket));
        // Counted when the ends that came before this connection have been read too, also on a busy machine.
        setTimeout(() => (highest = Math.max(highest, sockets.size)), 50);
        behave(socket);
      }),
    ),
  );
  return {
    host,
    highest: () => highest,
    accepted: () => accepted,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}

function listenOn(host: string, port: number, take: Behaviour): Promise<Server> {
  const server = createServer(take);
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen({ host, port, backlog: 1024 }, () => done(server));
  });
}
