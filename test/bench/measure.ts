import { spawn } from 'node:child_process';
import { must } from '../real/support/command.ts';
import type { NamespacePair } from '../real/support/namespaces.ts';
import { PREFIX } from './boundary.ts';
import { startKernelTrace, type AtOnce } from './kernel-trace.ts';

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

/** Runs a command in the scanning namespace under time(1). */
export async function measure(
  pair: NamespacePair,
  argv: readonly string[],
  limitS: number,
): Promise<Measured> {
  const before = packetsSent(pair);
  const started = performance.now();
  const { code, stdout, stderr } = await launch(pair, argv, limitS);
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

/** Runs it once more under the kernel's trace; a run of its own because tracing costs a little time. */
export async function watchConnections(
  pair: NamespacePair,
  argv: readonly string[],
  limitS: number,
): Promise<AtOnce | undefined> {
  const trace = startKernelTrace();
  if (trace === undefined) return undefined;
  await launch(pair, argv, limitS);
  return trace.stop(PREFIX);
}

function launch(
  pair: NamespacePair,
  argv: readonly string[],
  limitS: number,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
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
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
}

function packetsSent(pair: NamespacePair): number {
  const links = JSON.parse(must(['ip', '-n', pair.scan, '-s', '-j', 'link', 'show', pair.wire])) as {
    stats64: { tx: { packets: number } };
  }[];
  return links[0]?.stats64.tx.packets ?? 0;
}
