/**
 * One run at a time for one organisation: two journals or two diffs side by side would each miss what the other saw.
 *
 * A file with the owner's process id, made by link(2): it appears whole or not at all. Node has no flock(2), so a lock
 * whose owner died is taken over, under a second lock of the same kind, by whoever comes next.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { AppError } from '../lib/app-error.ts';
import { describeWriteError } from '../lib/atomic-file.ts';
import { formatInstant } from '../lib/time.ts';

export interface Lock {
  readonly path: string;
  release(): void;
}

const Owner = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** Boot and start time of the process: a process id alone is handed out again after a restart. */
  process: z.string().optional(),
  since: z.string(),
});
type Owner = z.infer<typeof Owner>;

const HEARTBEAT_MS = 60_000;
/** A lock of another computer (or container) can only be judged by its heartbeat. */
const FOREIGN_STALE_MS = 15 * HEARTBEAT_MS;

/**
 * Takes the lock at `path`.
 *
 * @throws AppError `locked` when a live process holds it, `write-failed` when it cannot be written.
 */
export function acquireLock(path: string, now: Date): Lock {
  const mine = `${JSON.stringify(ownIdentity(now))}\n`;
  if (!tryLink(path, mine) && !takeOver(path, mine, now)) throw lockedError(path);
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  let held = true;
  return {
    path,
    release: () => {
      clearInterval(heartbeat);
      if (held && readText(path) === mine) remove(path);
      held = false;
    },
  };
}

function ownIdentity(now: Date): Owner {
  const identity = processIdentity(process.pid);
  const owner = { pid: process.pid, host: hostname(), since: formatInstant(now) };
  return identity === undefined ? owner : { ...owner, process: identity };
}

/** Linux: boot id and start time in ticks (proc(5), field 22 of stat). Elsewhere undefined. */
function processIdentity(pid: number): string | undefined {
  const boot = readText('/proc/sys/kernel/random/boot_id')?.trim();
  // The command name in field 2 may hold blanks and brackets: count from the last closing bracket.
  const fields = readText(`/proc/${pid}/stat`)
    ?.replace(/^.*\)\s/s, '')
    .split(' ');
  const started = fields?.[19];
  return boot === undefined || started === undefined ? undefined : `${boot}/${started}`;
}

function tryLink(path: string, content: string): boolean {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(temporary, content, { flag: 'wx', mode: 0o600 });
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new AppError('write-failed', `Could not make the lock ${path}: ${describeWriteError(error)}`, {
      cause: error,
    });
  } finally {
    remove(temporary);
  }
}

/** Only the holder of the second lock removes a stale first one, and judges it again before doing so. */
function takeOver(path: string, mine: string, now: Date): boolean {
  if (readText(path) === undefined) return tryLink(path, mine);
  if (!isStale(path, now)) return false;
  const guard = `${path}.takeover`;
  // A guard is held for microseconds: one whose owner is dead was left by a kill in just that moment.
  if (isStale(guard, now)) remove(guard);
  if (!tryLink(guard, mine)) return false;
  try {
    if (isStale(path, now)) remove(path);
    return tryLink(path, mine);
  } finally {
    remove(guard);
  }
}

function isStale(path: string, now: Date): boolean {
  const text = readText(path);
  if (text === undefined) return false;
  const owner = parseOwner(text);
  // Locks appear whole, so a text that cannot be read was not written by this tool or the disk lost it.
  if (owner === undefined) return true;
  if (owner.host !== hostname()) return now.getTime() - modifiedMs(path) > FOREIGN_STALE_MS;
  if (!isAlive(owner.pid)) return true;
  const identity = processIdentity(owner.pid);
  return owner.process !== undefined && identity !== undefined && owner.process !== identity;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    return Owner.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function lockedError(path: string): AppError {
  const owner = parseOwner(readText(path) ?? '');
  const who =
    owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}, since ${owner.since}`;
  return new AppError(
    'locked',
    `Another run for this organisation is going on (${who}). Wait until it ends. If you are sure that none is, delete ${path}`,
  );
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Deleted by hand: release() sees that it is no longer ours.
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already gone.
  }
}
