import { parseAddress } from '../lib/address.ts';
import { formatPorts } from '../lib/port-list.ts';
import type { Scope } from '../model/scope.ts';
import { MASSCAN_PACKETS } from '../observe/masscan/find-open.ts';
import { planBatches } from '../observe/nmap/batches.ts';
import { planSweep } from '../observe/probe/sweep-plan.ts';
import { Guard } from '../scope/guard.ts';
import { duration } from './progress.ts';
import type { ScanOptions } from './scan-options.ts';

/** What other tools, started by this one, would send besides the own probes; nothing when none is switched on. */
export function otherToolLines(scope: Scope, options: ScanOptions, now: Date): string[] {
  const guard = new Guard(scope, () => now);
  const targets = planSweep(scope, guard, [], options.only).targets.map(({ address }) => address);
  return [...masscanLines(scope, options, targets), ...nmapLines(scope, options, targets)];
}

function masscanLines(scope: Scope, { only }: ScanOptions, targets: readonly string[]): string[] {
  const { use, rate } = scope.masscan;
  if (!use || only !== undefined) return [];
  const ipv4 = targets.filter((target) => parseAddress(target)?.family === 4).length;
  const packets = ipv4 * scope.probe.ports.length * MASSCAN_PACKETS;
  return [
    `masscan would go first: ${packets} SYN packets to ${ipv4} IPv4 addresses, at most ${rate} a second, about ${duration(packets / rate)}; the own discovery then asks only the places that it found open, unless masscan cannot run or finds nothing.`,
  ];
}

function nmapLines(scope: Scope, { only, discoverOnly }: ScanOptions, targets: readonly string[]): string[] {
  if (!scope.nmap.use || discoverOnly === true) return [];
  const ports = only?.port === undefined ? (scope.nmap.ports ?? scope.probe.ports) : [only.port];
  const batches = planBatches(scope, targets, ports);
  return [
    `nmap would look at the same ${targets.length} addresses, ${ports.length} TCP ports (${formatPorts(ports)}), in ${batches.length} calls, at most ${scope.probe.rate} packets a second, at most ${scope.nmap.timeoutMinutes} minutes:`,
    ...batches.slice(0, 1).map(({ argv }) => `  nmap -oX - ${argv.join(' ')}`),
  ];
}
