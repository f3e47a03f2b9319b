import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { must, sleep } from './command.ts';

/**
 * Two network namespaces joined by a wire: `scan` (10.91.0.1) and `target` (10.91.0.2). No default route and no way out:
 * nothing in there can reach anything else, whatever the program under test does.
 */
export interface NamespacePair {
  readonly scan: string;
  readonly target: string;
  /** Interface of the scanning side. */
  readonly wire: string;
  /** argv that runs `argv` inside a namespace. */
  inScan(argv: readonly string[]): string[];
  inTarget(argv: readonly string[]): string[];
  /** Makes every address of `range` one of the target's own (AnyIP), reachable from the scanning side. */
  own(range: string): void;
  /** Loads an nft file in the target. */
  nft(rules: string): void;
  /** Packets that the named counter of table `inet watch` has seen in the target. */
  counter(name: string): number;
  remove(): Promise<void>;
}

let made = 0;

/** @param resolver address of a name server inside `scan`; without it no name resolves there */
export function makePair(resolver?: string): NamespacePair {
  made += 1;
  // Interface names are at most 15 characters long.
  const id = `${process.pid}-${made}`;
  const scan = `sk-scan-${id}`;
  const target = `sk-target-${id}`;
  const wire = `sks${id}`;
  const far = `skt${id}`;
  const etc = `/etc/netns/${scan}`;
  // `ip netns exec` lays the files of this folder over those of /etc.
  mkdirSync(etc, { recursive: true });
  writeFileSync(
    `${etc}/resolv.conf`,
    resolver === undefined ? '' : `nameserver ${resolver}\noptions timeout:1 attempts:1\n`,
  );
  writeFileSync(`${etc}/hosts`, '127.0.0.1 localhost\n');
  for (const name of [scan, target]) {
    must(['ip', 'netns', 'add', name]);
    must(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
    // IPv6 would send neighbour discovery of its own and spoil the counters.
    must([
      'ip',
      'netns',
      'exec',
      name,
      'sysctl',
      '-qw',
      'net.ipv6.conf.all.disable_ipv6=1',
      'net.ipv6.conf.default.disable_ipv6=1',
    ]);
  }
  must(['ip', 'link', 'add', wire, 'netns', scan, 'type', 'veth', 'peer', 'name', far, 'netns', target]);
  must(['ip', '-n', scan, 'addr', 'add', '10.91.0.1/30', 'dev', wire]);
  must(['ip', '-n', target, 'addr', 'add', '10.91.0.2/30', 'dev', far]);
  must(['ip', '-n', scan, 'link', 'set', wire, 'up']);
  must(['ip', '-n', target, 'link', 'set', far, 'up']);
  return {
    scan,
    target,
    wire,
    inScan: (argv) => ['ip', 'netns', 'exec', scan, ...argv],
    inTarget: (argv) => ['ip', 'netns', 'exec', target, ...argv],
    own: (range) => {
      must(['ip', '-n', target, 'route', 'add', 'local', range, 'dev', 'lo']);
      must(['ip', '-n', scan, 'route', 'add', range, 'via', '10.91.0.2']);
    },
    nft: (rules) => void must(['ip', 'netns', 'exec', target, 'nft', '-f', '-'], rules),
    counter: (name) => readCounter(target, name),
    remove: async () => {
      for (const name of [scan, target]) await removeNamespace(name);
      rmSync(etc, { recursive: true, force: true });
    },
  };
}

function readCounter(namespace: string, name: string): number {
  const text = must([
    'ip',
    'netns',
    'exec',
    namespace,
    'nft',
    '-j',
    'list',
    'counter',
    'inet',
    'watch',
    name,
  ]);
  const { nftables } = JSON.parse(text) as { nftables: { counter?: { packets: number } }[] };
  const packets = nftables.find((entry) => entry.counter !== undefined)?.counter?.packets;
  if (packets === undefined) throw new Error(`no counter ${name} in ${namespace}`);
  return packets;
}

/** Ends, by its id, whatever still runs inside a namespace of ours, then deletes the namespace. */
async function removeNamespace(name: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const pids = must(['ip', 'netns', 'pids', name])
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // Ended in the meantime.
      }
    }
    if (pids.length > 0) await sleep(300);
  }
  must(['ip', 'netns', 'del', name]);
}

/** Why the tests with namespaces cannot run here, or undefined when they can. */
export function namespaceProblem(): string | undefined {
  if (process.platform !== 'linux') return `network namespaces need Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  try {
    must(['ip', 'netns', 'list']);
    must(['nft', '--version']);
  } catch (error) {
    return `run test/real/install.sh first: ${String(error)}`;
  }
  return undefined;
}
