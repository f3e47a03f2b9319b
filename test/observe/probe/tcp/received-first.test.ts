import { afterEach, expect, it } from 'vitest';
import { receivedFirst, Witnessed } from '../../../../src/observe/probe/tcp/received-first.ts';
import { contextFor, serve, type Loopback } from './context.ts';

let server: Loopback | undefined;
afterEach(() => server?.close());

it('shows what was received before, then what is new, byte for byte', async () => {
  server = await serve((socket) => socket.write('defgh'));
  const connection = await contextFor(server.port).dial();
  const again = receivedFirst(connection, Buffer.from('abc'));
  const text = async (length: number): Promise<string> =>
    Buffer.from((await again.read((bytes) => bytes.length >= length && length, 500)).bytes).toString();
  expect([await text(2), await text(3), await text(2)]).toEqual(['ab', 'cde', 'fg']);
  const rest = await again.read((bytes) => bytes.length > 5, 100);
  expect([Buffer.from(rest.bytes).toString(), rest.ended]).toEqual(['h', 'timeout']);
  again.close();
});

it('remembers evidence that somebody else took', async () => {
  server = await serve((socket) => socket.write('hello'));
  const connection = new Witnessed(await contextFor(server.port).dial());
  await connection.read((bytes) => bytes.length === 5, 500);
  connection.evidence('greeting');
  expect(connection.allEvidence('rest').map(({ label, receivedBytes }) => [label, receivedBytes])).toEqual([
    ['greeting', 5],
  ]);
  connection.close();
});
