import { setTimeout as wait } from 'node:timers/promises';

/** Time as an argument, so that tests need not wait. */
export interface Clock {
  /** Milliseconds on any steady scale. */
  readonly now: () => number;
  /** Rejects as soon as the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, { signal });
  },
};

/** Lets one piece of work run at a time, with a pause between the end of one and the begin of the next. */
export type Pacer = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/**
 * Shodan allows one request per second and key. The pause counts from the answer, as in the official client: a request
 * that took ten seconds must not be followed by a burst.
 */
export const SHODAN_PAUSE_MS = 1050;

export function createPacer(clock: Clock, pauseMs: number = SHODAN_PAUSE_MS): Pacer {
  let last: Promise<unknown> = Promise.resolve();
  let endedAt: number | undefined;

  return (signal, work) => {
    const mine = last.then(async () => {
      signal.throwIfAborted();
      const left = endedAt === undefined ? 0 : endedAt + pauseMs - clock.now();
      if (left > 0) await clock.sleep(left, signal);
      try {
        return await work();
      } finally {
        endedAt = clock.now();
      }
    });
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** The limit is per key and all of this process shares one: so does the queue. */
export const processPacer: Pacer = createPacer(realClock);

const MAX_RETRY_AFTER_MS = 60_000;

/** 1, 2, 4 … seconds; a Retry-After header (RFC 9110 §10.2.3: seconds or a date) may lengthen it up to one minute. */
export function backOffMs(attempt: number, retryAfter: string | undefined, now: Date): number {
  const own = 1000 * 2 ** Math.min(attempt, 6);
  return Math.max(own, Math.min(retryAfterMs(retryAfter, now), MAX_RETRY_AFTER_MS));
}

function retryAfterMs(header: string | undefined, now: Date): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now.getTime());
}
