import { DialError, type Connection } from '../connection.ts';
import type { ProbeContext } from '../probe.ts';

export interface Timed {
  readonly context: ProbeContext;
  /** The conversation was ended because a connection dripped. */
  readonly dripped: () => boolean;
  /** Stops the clock and closes whatever a conversation left open. */
  end(): void;
}

/** Waits never get shorter than this: an answer that is on its way is still taken. */
const LEAST_WAIT_MS = 500;
const CHECK_MS = 500;

/**
 * A context whose conversations end within `totalMs`: waits get shorter as time runs out, and then every connection is
 * closed, so that nothing can hang on one. Time spent waiting for a connection does not count: it says how busy we
 * are, nothing about the other side.
 *
 * @param first a connection that is open already.
 */
export function withDeadline(outer: ProbeContext, totalMs: number, first?: Connection): Timed {
  const open = new Set<Connection>(first === undefined ? [] : [first]);
  let deadline = performance.now() + totalMs;
  let waiting = 0;
  let waitingSince = 0;
  const left = (): number => (waiting > 0 ? totalMs : deadline - performance.now());
  const wait = (longest: number): number => Math.min(longest, Math.max(LEAST_WAIT_MS, left()));
  const closeAll = (): void => {
    for (const connection of open) connection.close();
    open.clear();
  };
  let dripped = false;
  const check = (): void => {
    if ([...open].some(({ isDripping }) => isDripping)) {
      // It could go on like this for as long as we let it: there is nothing to wait for.
      dripped = true;
      deadline = performance.now();
      waiting = 0;
    }
    if (left() <= 0) closeAll();
    else timer = setTimeout(check, Math.min(CHECK_MS, Math.max(100, left())));
  };
  let timer = setTimeout(check, Math.min(CHECK_MS, totalMs));

  const timed = async (dial: () => Promise<Connection>): Promise<Connection> => {
    if (left() <= 0) throw new DialError('no-answer', 'the time for this port is used up');
    if (waiting === 0) waitingSince = performance.now();
    waiting += 1;
    try {
      const connection = await dial();
      open.add(connection);
      return connection;
    } finally {
      waiting -= 1;
      if (waiting === 0) deadline += performance.now() - waitingSince;
    }
  };

  return {
    context: {
      ...outer,
      dial: () => timed(() => outer.dial()),
      dialTo: (host, port) => timed(() => outer.dialTo(host, port)),
      refusal: (host) => outer.refusal(host),
      hinted: (facts) => outer.hinted(facts),
      get answerTimeoutMs() {
        return wait(outer.answerTimeoutMs);
      },
      get greetingTimeoutMs() {
        return wait(outer.greetingTimeoutMs);
      },
    },
    dripped: () => dripped,
    end: () => {
      clearTimeout(timer);
      closeAll();
    },
  };
}
