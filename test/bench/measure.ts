import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { must, sleep } from '../real/support/command.ts';
import type { NamespacePair } from '../real/support/namespaces.ts';

export interface Measured {
  readonly wallS: number;
  readonly cpuS: number;
  readonly rssMiB: number;
  /** Packets that left the scanning namespace. */
  readonly sent: number;
  readonly stdout: string;
  readonly stderr: string;
  /** null when it was stopped at the limit. */
  readonly exitCode: number | null;
}

export interface AtOnce {
  readonly samples: number;
  readonly perHost: number;
  readonly total: number;
}

/** Runs a command in the scanning namespace under time(1). */
export async function measure(
  pair: NamespacePair,
  argv: readonly string[],
  limitS: number,
): Promise<Measured> {
  const before = packetsSent(pair);
  const started = performance.now();
  const { code, stdout, stderr } = await launch(pair, argv, limitS).ended;
  const wallS = (performance.now() - started) / 1000;
  const [, user, system, kib] = /TIME (\S+) (\S+) (\S+)\s*$/.exec(stderr) ?? [];
  return {
    wallS,
    cpuS: Number(user) + Number(system),
    rssMiB: Number(kib) / 1024,
    sent: packetsSent(pair) - before,
    stdout,
    stderr,
    exitCode: code === 124 ? null : code,
  };
}

/**
 * Runs it once more and looks every 25 ms at the sockets of the scanning namespace: how many connections are being opened or
 * open at once to one host, and in all. A run of its own because looking costs CPU; samples can miss a peak, never invent one.
 */
export async function watchConnections(
  pair: NamespacePair,
  argv: readonly string[],
  limitS: number,
): Promise<AtOnce> {
  const { pid, ended } = launch(pair, argv, limitS);
  const state = { running: true };
  const finished = ended.finally(() => {
    state.running = false;
  });
  const seen = { samples: 0, perHost: 0, total: 0 };
  while (state.running) {
    const perHost = await connectionsByHost(pid);
    if (perHost.size > 0) {
      seen.samples += 1;
      seen.perHost = Math.max(seen.perHost, ...perHost.values());
      seen.total = Math.max(
        seen.total,
        [...perHost.values()].reduce((sum, n) => sum + n, 0),
      );
    }
    await sleep(25);
  }
  await finished;
  return seen;
}

function launch(pair: NamespacePair, argv: readonly string[], limitS: number) {
  // Thousands of sockets at once need more descriptors than a shell usually allows.
  const raise = 'ulimit -n 20000 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"';
  const timed = ['/usr/bin/time', '-q', '-f', 'TIME %U %S %M', 'timeout', String(limitS), ...argv];
  const [command = '', ...args] = pair.inScan(['bash', '-c', raise, 'bench', ...timed]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
  return { pid: child.pid ?? 0, ended };
}

/** Remote address (as the kernel prints it) → sockets in SYN_SENT or ESTABLISHED, proc(5) /proc/net/tcp. */
async function connectionsByHost(pid: number): Promise<Map<string, number>> {
  const perHost = new Map<string, number>();
  const text = await readFile(`/proc/${pid}/net/tcp`, 'latin1').catch(() => '');
  for (const match of text.matchAll(/^\s*\d+: [0-9A-F]+:[0-9A-F]+ ([0-9A-F]{8}):[0-9A-F]{4} (01|02) /gm)) {
    const host = match[1] ?? '';
    // 127.0.0.0/8 is the tool talking to itself.
    if (!host.endsWith('7F')) perHost.set(host, (perHost.get(host) ?? 0) + 1);
  }
  return perHost;
}

function packetsSent(pair: NamespacePair): number {
  const links = JSON.parse(must(['ip', '-n', pair.scan, '-s', '-j', 'link', 'show', pair.wire])) as {
    stats64: { tx: { packets: number } };
  }[];
  return links[0]?.stats64.tx.packets ?? 0;
}
