import { formatPorts } from '../lib/port-list.ts';
import type { Scope } from '../model/scope.ts';
import { UDP_QUESTIONS } from '../observe/probe/protocols/udp.ts';
import { MAX_REQUEST } from '../observe/probe/question.ts';
import { planSweep } from '../observe/probe/sweep-plan.ts';
import { predictInternetDb } from '../observe/shodan/internetdb-source.ts';
import { predictShodan } from '../observe/shodan/plan.ts';
import { Guard } from '../scope/guard.ts';
import { otherToolLines } from './dry-run-tools.ts';
import { ExitCode } from './exit-code.ts';
import { describeImports } from './import-sources.ts';
import type { PreparedScan } from './prepare.ts';
import { duration } from './progress.ts';
import type { ScanOptions } from './scan-options.ts';

/**
 * Connections of the conversation with one open port: 1 for most, 7 for HTTPS on nginx (measured); at most some 11 for
 * TLS and RDP together, and 24 when a web server closes after every answer. A port that nobody understands is asked
 * every question that there is.
 */
const CONNECTIONS_PER_OPEN_PORT = 120;

/** `sekisho scan --dry-run` */
export async function dryRunCommand(prepared: PreparedScan): Promise<ExitCode> {
  const { scope, options, shodanKey, terminal, now } = prepared;
  terminal.result(describeDryRun(scope, options, shodanKey !== undefined, now()));
  terminal.result((await describeImports(prepared)).join('\n'));
  return ExitCode.nothingNew;
}

/** Who would be contacted, with how many packets, how long, and what Shodan would cost. Sends nothing, not even a look-up. */
function describeDryRun(scope: Scope, options: ScanOptions, hasShodanKey: boolean, now: Date): string {
  const lines = [`Dry run for ${scope.organisation.en} (${scope.id}). Nothing has been sent.`, ''];
  if (options.passive === true) lines.push('Own probes: none (--passive).');
  else lines.push(...probeLines(scope, options, now), ...otherToolLines(scope, options, now));
  lines.push('', ...shodanLines(scope, hasShodanKey));
  lines.push(internetDbLine(scope));
  return lines.join('\n');
}

function probeLines(scope: Scope, options: ScanOptions, now: Date): string[] {
  const guard = new Guard(scope, () => now);
  const { targets, notLooked } = planSweep(scope, guard, [], options.only);
  const ports = options.only?.port === undefined ? scope.probe.ports : [options.only.port];
  const places = targets.length * ports.length;
  const { rate, perHost, connectTimeoutMs } = scope.probe;
  const lines = ['Own probes would contact:'];
  for (const site of scope.sites) {
    const count = targets.filter(({ siteId }) => siteId === site.id).length;
    lines.push(
      `  ${site.id} (${site.country}, ${site.kind}): ${count} addresses in ${site.ranges.map(({ text }) => text).join(', ')}`,
    );
  }
  for (const { what, reason, count } of notLooked)
    lines.push(`  not looked at: ${what} (${reason}, ${count})`);
  const hosts = scope.sites.flatMap((site) => site.hosts);
  if (hosts.length > 0)
    lines.push(`  host names to resolve: ${hosts.join(', ')} (every address must lie in the ranges)`);
  const udpPorts = udpPortsOf(scope, options);
  const datagrams = targets.length * udpPorts.length;
  const seconds = (places + datagrams) / rate + connectTimeoutMs / 1000;
  return [
    ...lines,
    `  TCP ports (${scope.probe.portProfile}, ${ports.length}): ${formatPorts(ports)}`,
    `  ${places} places; ${places} to ${2 * places} SYN packets (a silent place may be asked twice), and for every open port usually 1 to 10 connections more, at most ${CONNECTIONS_PER_OPEN_PORT}`,
    udpPorts.length === 0
      ? '  UDP: not asked'
      : `  UDP ports (${udpPorts.length}): ${formatPorts(udpPorts)}; ${datagrams} to ${2 * datagrams} datagrams of at most ${MAX_REQUEST} bytes to who does not answer, a few more to who does`,
    `  at most ${rate} new connections a second, ${perHost} held at once to one address; about ${duration(seconds)} to ${duration(2 * seconds)}, plus the conversations`,
    `  permission: ${scope.permission === undefined ? 'NONE' : `${scope.permission.by}, ${scope.permission.reference}, until ${scope.permission.validUntil}`}`,
  ];
}

function udpPortsOf({ probe }: Scope, { only }: ScanOptions): number[] {
  if (!probe.udp) return [];
  const ports = [...new Set(UDP_QUESTIONS.flatMap((question) => question.ports))];
  return only?.port === undefined ? ports : ports.filter((port) => port === only.port);
}

function shodanLines(scope: Scope, hasKey: boolean): string[] {
  if (scope.shodan.use === 'no') return ['Shodan: switched off in the organisation file.'];
  if (!hasKey) return ['Shodan: no key (SHODAN_API_KEY); it would not be asked.'];
  const { queries, hostLookups, beyond, mostRecords, pivots, mostCredits, minSeconds } = predictShodan(scope);
  const lines = [
    `Shodan: ${queries} searches over the ranges (one credit for each hundred records found, none for a search that finds nothing), at least ${hostLookups} free host look-ups, at least ${duration(minSeconds)}; ${mostCredits === 0 ? 'no credit' : `0 to ${mostCredits} credits`}.`,
  ];
  if (beyond > 0) {
    lines.push(
      `  ${beyond} searches for names, organisations and AS numbers at the same price: counted first, which is free, and left out when they find more than ${mostRecords} records.`,
    );
  }
  if (pivots > 0) {
    lines.push(
      `  up to ${pivots} free counts for the icons, certificates and pages of your own services, and for each that is rare one search of at most one credit.`,
    );
  }
  if (beyond + pivots > 0) {
    lines.push('  What these find outside the ranges is listed as "is this yours?" and never contacted.');
  }
  return lines;
}

function internetDbLine(scope: Scope): string {
  if (!scope.internetdb.use) return 'InternetDB: switched off in the organisation file.';
  const { lookups, tooMany, minSeconds } = predictInternetDb(scope);
  const beyond = tooMany === 0 ? '' : ` ${tooMany} addresses more would not be asked about: too many.`;
  return `InternetDB: ${lookups} IPv4 addresses, one request a second: at least ${duration(minSeconds)}; a run that is stopped can go on with --resume.${beyond}`;
}
