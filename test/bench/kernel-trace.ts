import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../real/support/command.ts';

export interface AtOnce {
  readonly perHost: number;
  readonly total: number;
}

/**
 * Every change of state of every TCP socket, as the kernel tells it (tracepoint sock:inet_sock_set_state). Neither the
 * scanner's own count nor sampling of a table that moves while it is read: exact.
 */
export interface KernelTrace {
  /** Stops and returns the most connections begun or open at once, towards addresses that start with `prefix`. */
  stop(prefix: string): AtOnce;
}

/** @returns undefined where the kernel does not offer it */
export function startKernelTrace(): KernelTrace | undefined {
  const mount = mkdtempSync(join(tmpdir(), 'sekisho-trace-'));
  try {
    must(['mount', '-t', 'tracefs', 'nodev', mount]);
  } catch {
    rmdirSync(mount);
    return undefined;
  }
  // An instance has a buffer of its own: whatever else is being traced on this machine is left alone.
  const instance = join(mount, 'instances', `sekisho-bench-${process.pid}`);
  const set = (file: string, value: string): void => writeFileSync(join(instance, file), value);
  const remove = (): void => {
    rmdirSync(instance);
    must(['umount', mount]);
    rmdirSync(mount);
  };
  mkdirSync(instance);
  try {
    set('buffer_size_kb', '32768');
    set('events/sock/inet_sock_set_state/filter', 'family == 2 && protocol == 6');
    set('events/sock/inet_sock_set_state/enable', '1');
  } catch {
    remove();
    return undefined;
  }
  return {
    stop: (prefix) => {
      set('events/sock/inet_sock_set_state/enable', '0');
      const text = readFileSync(join(instance, 'trace'), 'latin1');
      remove();
      return mostAtOnce(text, prefix);
    },
  };
}

/** States in which a socket of ours stands for a connection begun or open. */
const HELD = new Set(['TCP_SYN_SENT', 'TCP_ESTABLISHED', 'TCP_CLOSE_WAIT']);

export function mostAtOnce(trace: string, prefix: string): AtOnce {
  const perHost = new Map<string, number>();
  let total = 0;
  const most = { perHost: 0, total: 0 };
  for (const match of trace.matchAll(/daddr=(\S+) .*oldstate=(\S+) newstate=(\S+)/g)) {
    const [, host = '', before = '', after = ''] = match;
    if (!host.startsWith(prefix) || HELD.has(before) === HELD.has(after)) continue;
    const step = HELD.has(after) ? 1 : -1;
    total += step;
    const held = (perHost.get(host) ?? 0) + step;
    perHost.set(host, held);
    most.total = Math.max(most.total, total);
    most.perHost = Math.max(most.perHost, held);
  }
  return most;
}
