import type { Connection } from '../connection.ts';
import { isSettled, mayBecomeMore } from './greeting/classify.ts';
import { concat } from './received-first.ts';

/** Text without a line end (a prompt) is taken as it is after this long a silence. */
const QUIET_MS = 800;

export interface Heard {
  readonly received: Uint8Array;
  readonly isClosed: boolean;
}

/**
 * Listens for a server that speaks first.
 *
 * @param waitMs for the first byte.
 * @param settleMs for the rest, once something came: a greeting may come byte by byte.
 */
export async function hear(connection: Connection, waitMs: number, settleMs: number): Promise<Heard> {
  const first = await connection.read((received) => received.length > 0, Math.max(0, waitMs));
  let received = first.bytes;
  if (received.length === 0) return { received, isClosed: first.ended !== 'timeout' };
  const until = performance.now() + settleMs;
  while (!isSettled(received)) {
    const left = until - performance.now();
    if (left <= 0) break;
    const so = received;
    const more = await connection.read(
      (fresh) => fresh.length > 0 && (isSettled(concat(so, fresh)) || mayBecomeMore(so)),
      mayBecomeMore(received) ? left : Math.min(left, QUIET_MS),
    );
    received = concat(received, more.bytes);
    if (more.ended !== 'enough') break;
  }
  return { received, isClosed: false };
}
