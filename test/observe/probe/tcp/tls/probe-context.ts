import { connect } from 'node:net';
import pino from 'pino';
import { DialError, type Connection } from '../../../../../src/observe/probe/connection.ts';
import type { ProbeContext } from '../../../../../src/observe/probe/probe.ts';
import { DEFAULT_BYTE_CAPS, TcpConnection } from '../../../../../src/observe/probe/tcp-connection.ts';

export interface TestContext extends ProbeContext {
  /** Connections opened so far, and open now. */
  readonly dialled: () => number;
  readonly open: () => number;
  readonly mostOpen: () => number;
}

/** Context that dials 127.0.0.1 for real; names and limits as given. */
export function testContext(port: number, overrides: Partial<ProbeContext> = {}): TestContext {
  let dialled = 0;
  let open = 0;
  let mostOpen = 0;
  const dialPort = (to: number): Promise<Connection> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: to });
      socket.once('error', (error) => reject(new DialError('closed', error.message)));
      socket.once('connect', () => {
        dialled += 1;
        open += 1;
        mostOpen = Math.max(mostOpen, open);
        socket.removeAllListeners('error');
        const place = { address: '127.0.0.1', port: to, rttMs: 0.1 };
        resolve(new TcpConnection(socket, place, DEFAULT_BYTE_CAPS, () => (open -= 1)));
      });
    });
  return {
    address: '127.0.0.1',
    port,
    hostNames: [],
    dial: () => dialPort(port),
    refusal: (host) =>
      Promise.resolve(
        host === '127.0.0.1' || host.endsWith('.own.example') ? undefined : `${host} is not in scope`,
      ),
    dialTo: (_host, to) => dialPort(to),
    answerTimeoutMs: 1500,
    greetingTimeoutMs: 200,
    sshAuthMethods: false,
    webShellPaths: [],
    jarm: false,
    webRequests: [],
    hinted: () => new Set(),
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    ...overrides,
    dialled: () => dialled,
    open: () => open,
    mostOpen: () => mostOpen,
  };
}
