import { createSocket } from 'node:dgram';

/** A UDP server on loopback that plays `answer`; undefined: silence. Stop it with `close`. */
export async function udpServer(
  answer: (request: Uint8Array, count: number) => readonly Uint8Array[],
): Promise<{ readonly port: number; readonly requests: Uint8Array[]; close: () => void }> {
  const socket = createSocket('udp4');
  const requests: Uint8Array[] = [];
  socket.on('message', (request, from) => {
    requests.push(request);
    for (const one of answer(request, requests.length)) socket.send(one, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, requests, close: () => socket.close() };
}
