/**
 * npm run bench:lab: sekisho beside nmap on the laboratory: time, packets, what each told right. Prints a table and writes JSON
 * into a temporary folder. No test: nothing here fails but the tools themselves.
 *
 *   npm run bench:lab -- [--limit 15] [--no-nmap] [--no-udp] [--each-deceiver] [--stay]     (limit: minutes for each run of nmap)
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { must, runCommand } from '../real/support/command.ts';
import { judge, placeKey, seenBySekisho, table, type Judgement, type Seen } from './judge.ts';
import { down, inScanner, look, SCAN_NAMESPACE, up, WIRE, type Look } from './laboratory.ts';
import { namesProduct, readNmap } from './nmap.ts';
import { honestAddresses, readTruth, tcpPorts, udpPorts } from './truth.ts';

const { values } = parseArgs({
  options: {
    limit: { type: 'string', default: '15' },
    'no-nmap': { type: 'boolean', default: false },
    'no-udp': { type: 'boolean', default: false },
    'each-deceiver': { type: 'boolean', default: false },
    stay: { type: 'boolean', default: false },
  },
});

const truth = readTruth();
const folder = mkdtempSync(join(tmpdir(), 'sekisho-bench-lab-'));
const limitMs = Number(values.limit) * 60_000;
const SCRIPTS = 'default,rdp-ntlm-info,rdp-enum-encryption,vnc-info,ssl-cert,http-title,ike-version';

interface Cost {
  readonly seconds: number;
  readonly packets: number;
  readonly bytes: number;
  /** Stopped at the limit: what it had not written by then counts as missed. */
  readonly isCut: boolean;
}

function counters(): { packets: number; bytes: number } {
  const [link] = JSON.parse(must(['ip', '-n', SCAN_NAMESPACE, '-s', '-j', 'link', 'show', WIRE])) as {
    stats64: { tx: { packets: number; bytes: number } };
  }[];
  return link?.stats64.tx ?? { packets: 0, bytes: 0 };
}

async function measured<T>(
  run: () => Promise<{ value: T; isCut: boolean }>,
): Promise<{ value: T; cost: Cost }> {
  const before = counters();
  const started = performance.now();
  const { value, isCut } = await run();
  const after = counters();
  return {
    value,
    cost: {
      seconds: (performance.now() - started) / 1000,
      packets: after.packets - before.packets,
      bytes: after.bytes - before.bytes,
      isCut,
    },
  };
}

async function runSekisho(addresses: readonly string[]): Promise<{ value: Look; cost: Cost }> {
  const run = async (): Promise<{ value: Look; isCut: boolean }> => ({
    value: await look(addresses, tcpPorts(truth), { timeoutMs: 900_000 }),
    isCut: false,
  });
  return measured(run);
}

async function runNmap(
  name: string,
  argv: readonly string[],
): Promise<{ value: Map<string, Seen>; cost: Cost }> {
  const file = join(folder, `${name}.xml`);
  const run = async (): Promise<{ value: Map<string, Seen>; isCut: boolean }> => {
    // Small groups: nmap writes a host when its whole group is done.
    const all = ['nmap', '-n', '-Pn', '-T4', '--open', '--max-hostgroup', '16', '-oX', file, ...argv];
    const { code } = await runCommand(inScanner(['timeout', String(limitMs / 1000), ...all]), {
      timeoutMs: limitMs + 30_000,
    });
    return { value: existsSync(file) ? readNmap(readFileSync(file, 'utf8')) : new Map(), isCut: code !== 0 };
  };
  return measured(run);
}

interface Score {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
  /** Product named exactly, of those that have one. */
  readonly products: number;
  readonly versions: number;
}

const spoken = truth.services.filter(({ silent }) => !silent);

function judgeAll(
  seen: ReadonlyMap<string, Seen>,
  isNamed?: (said: string, id: string) => boolean,
): Map<string, Judgement> {
  return new Map(spoken.map((one) => [one.at.key, judge(one, seen.get(one.at.key), isNamed)]));
}

function score(judged: ReadonlyMap<string, Judgement>, transport: string): Score {
  const own = [...judged].filter(([key]) => key.endsWith(transport)).map(([, one]) => one);
  const count = (is: (one: Judgement) => boolean): number => own.filter(is).length;
  return {
    right: count(({ protocol }) => protocol === 'right'),
    wrong: count(({ protocol }) => protocol === 'wrong'),
    missed: count(({ protocol }) => protocol === 'missed'),
    products: count(({ product }) => product === 'right'),
    versions: count(({ version }) => version === 'right'),
  };
}

function row(name: string, what: string, cost: Cost | undefined, told: Score | undefined): string[] {
  const numbers =
    told === undefined ? [] : [told.right, told.wrong, told.missed, told.products, told.versions];
  return [
    name,
    what,
    cost === undefined ? '' : `${cost.seconds.toFixed(0)}${cost.isCut ? ' (cut)' : ''}`,
    cost === undefined ? '' : String(cost.packets),
    cost === undefined ? '' : (cost.bytes / 1e6).toFixed(2),
    ...numbers.map(String),
  ];
}

async function eachDeceiver(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const one of truth.deceivers) {
    const { value, cost } = await runSekisho([one.address]);
    const isInTime = cost.seconds <= one.seconds ? 'in time' : 'TOO LONG';
    rows.push([
      one.address,
      one.does,
      `${cost.seconds.toFixed(0)} of ${one.seconds} s`,
      isInTime,
      `${cost.packets} packets`,
      `${value.lines.length} services`,
    ]);
  }
  return rows;
}

async function main(): Promise<void> {
  console.log(await up());
  const hosts = honestAddresses(truth);
  const deceivers = truth.deceivers.map(({ address }) => address);
  const ports = tcpPorts(truth).join(',');
  const rows = [
    ['tool', 'on', 'wall s', 'packets', 'MB sent', 'right', 'wrong', 'missed', 'products', 'versions'],
  ];

  const ours = await runSekisho(hosts);
  const oursJudged = judgeAll(
    new Map(
      ours.value.lines.map((line) => [
        placeKey(line.address, line.port, line.transport),
        seenBySekisho(line),
      ]),
    ),
  );
  rows.push(row('sekisho', `${hosts.length} honest hosts, TCP and UDP`, ours.cost, undefined));
  rows.push(row('sekisho', '  of that TCP', undefined, score(oursJudged, 'tcp')));
  rows.push(row('sekisho', '  of that UDP', undefined, score(oursJudged, 'udp')));
  const oursDeceived = await runSekisho(deceivers);
  rows.push(row('sekisho', `${deceivers.length} deceivers`, oursDeceived.cost, undefined));
  const result: Record<string, unknown> = {
    at: new Date().toISOString(),
    sekisho: { honest: ours.cost, deceivers: oursDeceived.cost, judged: Object.fromEntries(oursJudged) },
  };

  if (!values['no-nmap']) {
    const tcp = await runNmap('tcp', ['-sS', '-sV', '-sC', '--script', SCRIPTS, '-p', ports, ...hosts]);
    const udpArgv = ['-sU', '-sV', '--script', SCRIPTS, '-p', udpPorts(truth).join(','), ...hosts];
    const udp = values['no-udp'] ? undefined : await runNmap('udp', udpArgv);
    const theirs = judgeAll(new Map([...tcp.value, ...(udp?.value ?? [])]), namesProduct);
    rows.push(row('nmap', 'honest hosts, TCP', tcp.cost, score(theirs, 'tcp')));
    if (udp !== undefined) rows.push(row('nmap', 'honest hosts, UDP', udp.cost, score(theirs, 'udp')));
    const odd = await runNmap('deceivers', [
      '-sS',
      '-sV',
      '-sC',
      '--script',
      SCRIPTS,
      '-p',
      ports,
      ...deceivers,
    ]);
    rows.push(row('nmap', 'deceivers, TCP', odd.cost, undefined));
    const onlyNmap = [...theirs].filter(
      ([key, one]) => one.protocol === 'right' && oursJudged.get(key)?.protocol !== 'right',
    );
    console.log(table(rows));
    const spent = tcp.cost.seconds + (udp?.cost.seconds ?? 0);
    console.log(`nmap : sekisho on the honest hosts = ${(spent / ours.cost.seconds).toFixed(1)} : 1 in time`);
    console.log(`told by nmap and not by sekisho: ${onlyNmap.map(([key]) => key).join(', ') || 'nothing'}`);
    result['nmap'] = {
      tcp: tcp.cost,
      udp: udp?.cost,
      deceivers: odd.cost,
      judged: Object.fromEntries(theirs),
    };
  } else console.log(table(rows));
  if (values['each-deceiver']) {
    const each = await eachDeceiver();
    console.log(table(each));
    result['each'] = each;
  }
  const file = join(folder, 'result.json');
  writeFileSync(file, JSON.stringify(result, undefined, 1));
  console.log(file);
}

try {
  await main();
} finally {
  if (!values.stay) await down();
}
