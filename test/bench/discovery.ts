/**
 * npm run bench: discovery of sekisho beside nmap over the same boundary in network namespaces, alternating. Prints a
 * table; it is no test, so a slow machine does not fail.
 *
 *   npm run bench -- [--runs 3] [--rate 8000] [--plain-nmap]
 */
import { parseArgs } from 'node:util';
import { createDaemons } from '../real/support/command.ts';
import { makePair, namespaceProblem } from '../real/support/namespaces.ts';
import { createWorkplace, MAIN } from '../real/support/sekisho.ts';
import { buildBoundary, HOSTS, PORTS, RANGE, type Truth } from './boundary.ts';
import type { AtOnce } from './kernel-trace.ts';
import { measure, watchConnections, type Measured } from './measure.ts';

interface Tool {
  readonly name: string;
  readonly argv: readonly string[];
  readonly limitS: number;
  /** Open places in the tool's output, "address:port". */
  readonly read: (stdout: string) => string[];
}

interface Row {
  readonly tool: Tool;
  readonly runs: Measured[];
  atOnce?: AtOnce | undefined;
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    rate: { type: 'string', default: '8000' },
    'plain-nmap': { type: 'boolean', default: false },
  },
});

const readDiscovery = (stdout: string): string[] =>
  stdout.split('\n').flatMap((line) => {
    const [address, port] = line.split(' ');
    return address === undefined || port === undefined ? [] : [`${address}:${port}`];
  });

/** nmap's greppable form: "Host: 10.90.0.4 ()\tPorts: 22/open/tcp//ssh///, …". */
const readGreppable = (stdout: string): string[] =>
  stdout.split('\n').flatMap((line) => {
    const address = /^Host: (\S+) .*Ports: /.exec(line)?.[1];
    if (address === undefined) return [];
    return [...line.matchAll(/[ ,](\d+)\/open\/tcp/g)].map((match) => `${address}:${match[1]}`);
  });

function nmap(name: string, limitS: number, ...timing: string[]): Tool {
  const argv = ['nmap', '-n', '-Pn', ...timing, '-p', PORTS.join(','), '-oG', '-', RANGE];
  return { name, argv, limitS, read: readGreppable };
}

async function main(): Promise<void> {
  const problem = namespaceProblem();
  if (problem !== undefined) {
    process.stderr.write(`The benchmark cannot run here: ${problem}\n`);
    process.exitCode = 1;
    return;
  }
  const work = createWorkplace();
  const pair = makePair();
  const daemons = createDaemons();
  try {
    const facts = await buildBoundary(pair, daemons);
    work.writeOrganisation({
      id: 'bench',
      sites: [{ id: 'bench', ranges: [RANGE] }],
      probe: { ports: [...PORTS] },
    });
    const scan = [
      'scan',
      work.organisationFile,
      '--discover-only',
      '--rate',
      values.rate,
      '--reports',
      work.reports,
    ];
    const tools: Tool[] = [
      { name: 'sekisho', argv: [process.execPath, MAIN, ...scan], limitS: 120, read: readDiscovery },
      nmap(
        'nmap -T5 …',
        120,
        '-sT',
        '-T5',
        '--min-hostgroup',
        '1024',
        '--min-parallelism',
        '5000',
        '--max-retries',
        '1',
      ),
    ];
    const rows = await alternate(tools, facts);
    if (values['plain-nmap']) rows.push(await once(nmap('nmap -T4 (plain)', 420, '-T4'), facts));
    print(rows, facts);
  } finally {
    await daemons.endAll();
    await pair.remove();
    work.remove();
  }

  async function alternate(tools: readonly Tool[], facts: Truth): Promise<Row[]> {
    const rows: Row[] = tools.map((tool) => ({ tool, runs: [] }));
    for (let run = 0; run < Number(values.runs); run += 1) {
      for (const row of rows) {
        const measured = await measure(pair, row.tool.argv, row.tool.limitS);
        row.runs.push(measured);
        say(row.tool, measured, facts);
      }
    }
    for (const row of rows) row.atOnce = await watchConnections(pair, row.tool.argv, row.tool.limitS);
    return rows;
  }

  async function once(tool: Tool, facts: Truth): Promise<Row> {
    const measured = await measure(pair, tool.argv, tool.limitS);
    say(tool, measured, facts);
    return { tool, runs: [measured] };
  }
}

function found(tool: Tool, { stdout }: Measured, { open }: Truth): { right: number; wrong: number } {
  const places = new Set(tool.read(stdout));
  const right = [...places].filter((place) => open.has(place)).length;
  return { right, wrong: places.size - right };
}

function say(tool: Tool, measured: Measured, facts: Truth): void {
  const { right, wrong } = found(tool, measured, facts);
  process.stderr.write(
    `${tool.name}: ${measured.wallS.toFixed(2)} s, ${right} of ${facts.open.size} found\n`,
  );
  if (wrong > 0) process.stderr.write(`  ${wrong} places reported open that are not\n`);
  if (measured.exitCode === null) process.stderr.write(`  stopped at its limit of ${tool.limitS} s\n`);
  else if (measured.exitCode !== 0)
    process.stderr.write(`  exit ${measured.exitCode}: ${measured.stderr.slice(-1000)}\n`);
}

function print(rows: readonly Row[], facts: Truth): void {
  const header = [
    'tool',
    'wall s (min–max)',
    'CPU s',
    'peak RSS MiB',
    'packets sent',
    'found',
    'at once: one host',
    'in all',
  ];
  const lines = rows.map(({ tool, runs, atOnce }) => {
    const walls = runs.map(({ wallS }) => wallS);
    const counts = runs.map((run) => found(tool, run, facts).right);
    const stopped = runs.some(({ exitCode }) => exitCode === null);
    return [
      tool.name,
      `${stopped ? '> ' : ''}${median(walls).toFixed(2)} (${Math.min(...walls).toFixed(2)}–${Math.max(...walls).toFixed(2)})`,
      median(runs.map(({ cpuS }) => cpuS)).toFixed(2),
      median(runs.map(({ rssMiB }) => rssMiB)).toFixed(0),
      median(runs.map(({ sent }) => sent)).toFixed(0),
      stopped ? '–' : `${Math.min(...counts)} of ${facts.open.size}`,
      atOnce === undefined ? '–' : `${atOnce.perHost}`,
      atOnce === undefined ? '–' : `${atOnce.total}`,
    ];
  });
  process.stdout.write(
    `\n${HOSTS} hosts × ${PORTS.length} ports, ${HOSTS - facts.live.size} hosts drop everything; medians of ${values.runs} runs, found: worst run;\n`,
  );
  process.stdout.write(
    '"at once" from an extra, untimed run of each, exact, from the kernel (sock:inet_sock_set_state)\n\n',
  );
  process.stdout.write(`${toTable([header, ...lines])}\n`);
  const [own, other] = rows.map(({ runs }) => median(runs.map(({ wallS }) => wallS)));
  if (own !== undefined && other !== undefined) {
    process.stdout.write(
      `\nsekisho takes ${(own / other).toFixed(2)} × the time of ${rows[1]?.tool.name} (aim: at most 1.20)\n`,
    );
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  lines.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  return lines.join('\n');
}

await main();
