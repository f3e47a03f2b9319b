/** The boundary of the benchmark: 1,024 hosts × 25 ports; 90 % of the hosts drop everything, 104 hosts have 5 open ports each. */
import { resolve } from 'node:path';
import type { Daemons } from '../real/support/command.ts';
import { must } from '../real/support/command.ts';
import type { NamespacePair } from '../real/support/namespaces.ts';

export const RANGE = '10.90.0.0/22';
/** What the addresses of the range, and no others in there, begin with. */
export const PREFIX = '10.90.';
export const HOSTS = 1024;
const LIVE_HOSTS = 104;
const OPEN_PER_HOST = 5;
export const PORTS = [
  21, 22, 23, 25, 80, 110, 135, 139, 143, 389, 443, 445, 1433, 1723, 3306, 3389, 4433, 4443, 5432, 5900, 5901,
  5985, 8080, 8443, 10443,
] as const;

export interface Truth {
  readonly live: ReadonlySet<string>;
  /** "10.90.0.4:22" */
  readonly open: ReadonlySet<string>;
}

export function truth(): Truth {
  const live = new Set<string>();
  const open = new Set<string>();
  for (let i = 0; i < LIVE_HOSTS; i += 1) {
    const index = Math.floor(((i + 0.5) * HOSTS) / LIVE_HOSTS);
    const address = `10.90.${index >> 8}.${index & 255}`;
    live.add(address);
    for (let k = 0; k < OPEN_PER_HOST; k += 1) {
      open.add(`${address}:${PORTS[(i + k * OPEN_PER_HOST) % PORTS.length]}`);
    }
  }
  return { live, open };
}

/** Builds it in the target's namespace. Closed ports of live hosts answer RST, the other hosts drop everything. */
export async function buildBoundary(pair: NamespacePair, daemons: Daemons): Promise<Truth> {
  const facts = truth();
  pair.own(RANGE);
  must(pair.inTarget(['sysctl', '-qw', 'net.core.somaxconn=4096', 'net.ipv4.tcp_max_syn_backlog=8192']));
  const open = [...facts.open].map((place) => place.replace(':', ' . ')).join(', ');
  pair.nft(`table inet watch {
    set live { type ipv4_addr; elements = { ${[...facts.live].join(', ')} } }
    set open { type ipv4_addr . inet_service; elements = { ${open} } }
    chain input {
      type filter hook input priority 0; policy accept;
      ip daddr ${RANGE} jump boundary
    }
    chain boundary {
      ip daddr . tcp dport @open accept
      ip daddr @live reject with tcp reset
      drop
    }
  }`);
  const script = resolve(import.meta.dirname, 'open-ports.ts');
  await daemons.start(pair.inTarget([process.execPath, '--import', 'tsx', script, PORTS.join(',')]), {
    readyLine: 'ready',
  });
  return facts;
}
