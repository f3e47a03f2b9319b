import { cidrBlocks, cidrText, parseAddress } from '../../lib/address.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { formatPorts } from '../../lib/port-list.ts';
import { nmapArguments } from '../../model/nmap-options.ts';
import type { Scope } from '../../model/scope.ts';

/** Hosts of one call: nmap prints a host when its group of hosts is done, so a stopped call loses at most these. */
const BATCH = 64;
/** What one host may cost; what nmap found until then is printed, and the host counts as not finished. */
const HOST_TIMEOUT_MINUTES = 15;

/** One call of nmap. */
export interface Batch {
  readonly targets: readonly string[];
  readonly argv: readonly string[];
  /** Name of this work in the journal: the same addresses looked at in the same way. */
  readonly unit: string;
}

/** Calls of nmap for these addresses: IPv4 and IPv6 apart, since one call looks at one family. */
export function planBatches(scope: Scope, targets: readonly string[], ports: readonly number[]): Batch[] {
  return ([4, 6] as const).flatMap((family) => {
    const ofFamily = targets.filter((target) => parseAddress(target)?.family === family);
    const argv = argumentsFor(scope, family, ports);
    const batches: Batch[] = [];
    for (let at = 0; at < ofFamily.length; at += BATCH) {
      const some = ofFamily.slice(at, at + BATCH);
      const unit = `nmap/${sha256Hex([...some, ...argv].join(' ')).slice(0, 16)}`;
      batches.push({ targets: some, argv, unit });
    }
    return batches;
  });
}

/**
 * Addresses only, never a look-up of a name (-n); no ping, which boundaries drop (-Pn), nor ARP for neighbours; the rate of the own
 * probes. The exclusions once more: the targets do not hold them, and this is the net below.
 */
function argumentsFor(scope: Scope, family: 4 | 6, ports: readonly number[]): string[] {
  const { nmap, probe, exclusions } = scope;
  const excluded = exclusions
    .filter((range) => range.family === family)
    .flatMap((range) => cidrBlocks(range).map((block) => cidrText(block)));
  const hostMinutes = Math.min(HOST_TIMEOUT_MINUTES, nmap.timeoutMinutes);
  return [
    ...(family === 6 ? ['-6'] : []),
    '-n',
    '-Pn',
    '--disable-arp-ping',
    '--noninteractive',
    '--stats-every',
    '5s',
    '--max-rate',
    `${probe.rate}`,
    '--host-timeout',
    `${hostMinutes}m`,
    '-p',
    formatPorts(ports),
    ...(excluded.length === 0 ? [] : ['--exclude', excluded.join(',')]),
    ...nmapArguments(nmap).argv,
  ];
}
