import { randomBytes } from 'node:crypto';
import { readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { errorText } from '../../lib/app-error.ts';
import { makePrivateDirectory } from '../../lib/atomic-file.ts';
import { SHODAN_PAUSE_MS, type Clock, type Pacer } from './pacer.ts';

export interface SharedPace {
  /** A folder of this user's own; made when it is missing. */
  readonly folder: string;
  /** What the limit is counted by: letters, digits and hyphens, and nothing secret. */
  readonly name: string;
  readonly clock: Clock;
  /** Milliseconds since 1970, the one scale that processes share. */
  readonly now: () => number;
  readonly log: Logger;
  readonly pauseMs?: number;
}

interface Stamp {
  readonly at: number;
  readonly file: string;
}

/** File times are whole milliseconds. */
const ROUNDING_MS = 2;
/** A process that was held up for longer between taking the time and writing it down takes it again, some times. */
const SLOW_MS = 50;
const SLOW_TRIES = 5;
const OLD_MS = 60_000;

/**
 * The pace of `own`, kept together with every other process that uses the same folder and name.
 *
 * Each request leaves a stamp: an empty file that its time names. Who wants to send writes a stamp, looks at the others
 * once more and takes its own back when another is too near: of two that come at once, the later sees the earlier. So
 * there is no lock that a killed process could leave behind; stamps of the dead grow old like those of the living. Where
 * stamps cannot be written the pace is kept inside this process only, and the log says so.
 */
export function createSharedPacer(own: Pacer, options: SharedPace): Pacer {
  const { folder, clock, log } = options;
  let isShared = true;
  let prepared: Promise<void> | undefined;

  const orAlone = async <T>(step: () => T | Promise<T>): Promise<T | undefined> => {
    if (!isShared) return undefined;
    try {
      return await step();
    } catch (error) {
      isShared = false;
      log.warn(
        { folder, error: errorText(error) },
        'one request a second is kept inside this process only: other processes cannot be seen',
      );
      return undefined;
    }
  };

  return (signal, work) =>
    own(signal, async () => {
      await orAlone(() => (prepared ??= makePrivateDirectory(folder)));
      for (let tries = 0; ; tries += 1) {
        const mayBeSlow = tries >= SLOW_TRIES;
        const left = (await orAlone(() => claim(options, mayBeSlow))) ?? 0;
        if (left === 0) break;
        await clock.sleep(left, signal);
      }
      try {
        return await work();
      } finally {
        // The pause counts from the answer, as inside one process.
        await orAlone(() => void writeStamp(options, Math.trunc(options.now())));
      }
    });
}

/** Writes a stamp for a request now, when it is allowed. @returns 0, or milliseconds after which to try again. */
function claim(options: SharedPace, mayBeSlow: boolean): number {
  const { now, pauseMs = SHODAN_PAUSE_MS } = options;
  const pause = pauseMs + ROUNDING_MS;
  const at = Math.trunc(now());
  const left = millisecondsLeft(options, at, pause);
  if (left > 0) return left;
  const mine = writeStamp(options, at);
  const isAlone = stampsOf(options).every((one) => one.file === mine || Math.abs(one.at - at) >= pause);
  if (isAlone && (mayBeSlow || now() - at <= SLOW_MS)) return 0;
  remove(options, mine);
  return 1 + Math.random() * SLOW_MS;
}

/** From the newest stamp. A clock that was set back must not make anybody wait for its return: a pause is enough. */
function millisecondsLeft(options: SharedPace, at: number, pause: number): number {
  let newest = Number.NEGATIVE_INFINITY;
  let isAhead = false;
  for (const stamp of stampsOf(options)) {
    if (stamp.at > at + pause) isAhead = true;
    else newest = Math.max(newest, stamp.at);
    if (stamp.at > at + pause || stamp.at < at - OLD_MS) remove(options, stamp.file);
  }
  if (isAhead) writeStamp(options, at);
  return isAhead ? pause : Math.max(0, newest + pause - at);
}

function writeStamp({ folder, name }: SharedPace, at: number): string {
  const file = `${name}.${at}.${randomBytes(6).toString('hex')}`;
  writeFileSync(join(folder, file), '', { flag: 'wx', mode: 0o600 });
  return file;
}

function stampsOf({ folder, name }: SharedPace): Stamp[] {
  const pattern = /^([A-Za-z0-9-]{1,100})\.(\d{1,15})\.[0-9a-f]{12}$/;
  return readdirSync(folder).flatMap((file) => {
    const [, whose, at] = pattern.exec(file) ?? [];
    return whose === name ? [{ at: Number(at), file }] : [];
  });
}

/** Others clean up too. */
function remove({ folder }: SharedPace, file: string): void {
  try {
    unlinkSync(join(folder, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
