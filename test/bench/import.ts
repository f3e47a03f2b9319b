/**
 * The real `sekisho import` of a large Shodan export, beside `zcat FILE | jq -c .ip_str`, which does much less.
 *
 *     npm run bench:import -- [--banners N] [--in-scope CIDR,CIDR…] [--file FILE] [--main FILE]
 *
 * The export has the addresses from 10.0.0.0 on, one banner each. Without `--in-scope` it is measured twice: all of them one's own,
 * as in an export of one's own ranges, and all but a /18 foreign. Prints time, peak memory and the ratio; ends with 1 when an
 * import takes more than twice as long as jq, or 300 MB or more.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeShodanExport } from './shodan-export.ts';

const LEAST_SPEED = 0.5;
const MOST_MB = 300;

const { values } = parseArgs({
  options: {
    banners: { type: 'string', default: '1000000' },
    'in-scope': { type: 'string' },
    file: { type: 'string' },
    // The built program: compiling at every start is no part of the command.
    main: { type: 'string', default: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) },
  },
});

interface Timed {
  readonly seconds: number;
  readonly peakMb: number;
  readonly stderr: string;
}

/** Wall time and largest resident set as time(1) tells them. */
function timed(words: readonly string[], folder: string): Timed {
  const report = join(folder, 'time');
  const { status, stderr } = spawnSync('/usr/bin/time', ['-q', '-o', report, '-f', '%e %M', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
  const [seconds = Number.NaN, kib = Number.NaN] = readFileSync(report, 'utf8').split(' ').map(Number);
  return { seconds, peakMb: kib / 1024, stderr };
}

/** As an organisation file takes them: none larger than a /16. */
const ALL = Array.from({ length: 16 }, (_, at) => `10.${at}.0.0/16`).join(', ');
const CASES = [
  { what: "all of them one's own", ranges: ALL },
  { what: 'all but a /18 foreign', ranges: '10.0.0.0/18' },
];

function measure(what: string, ranges: string, file: string, folder: string): void {
  const organisation = join(folder, 'org.yaml');
  writeFileSync(
    organisation,
    `organisation: { id: bench, name: Bench }
sites: [{ id: hq, name: Bench, country: JP, kind: headquarters, ranges: [${ranges}] }]
`,
  );
  const reports = join(folder, 'reports');
  const words = ['import', file, '--org-file', organisation, '--reports', reports];
  const ours = timed([process.execPath, values.main, ...words], folder);
  rmSync(reports, { recursive: true });
  const jq = timed(['sh', '-c', 'zcat "$1" | jq -c .ip_str', 'sh', file], folder);
  const speed = jq.seconds / ours.seconds;
  process.stdout.write(
    [
      `${(statSync(file).size / 1e6).toFixed(0)} MB packed, ${what}`,
      ours.stderr.trim(),
      `sekisho import     ${ours.seconds.toFixed(1)} s, peak ${ours.peakMb.toFixed(0)} MB (less than ${MOST_MB})`,
      `zcat | jq .ip_str  ${jq.seconds.toFixed(1)} s`,
      `ratio              ${speed.toFixed(2)} of the speed of jq (at least ${LEAST_SPEED})`,
      '',
      '',
    ].join('\n'),
  );
  if (speed < LEAST_SPEED || ours.peakMb >= MOST_MB) process.exitCode = 1;
}

const folder = mkdtempSync(join(tmpdir(), 'sekisho-bench-import-'));
try {
  const file = values.file ?? join(folder, 'export.json.gz');
  if (values.file === undefined) await writeShodanExport(file, Number(values.banners));
  const given = values['in-scope'];
  const cases = given === undefined ? CASES : [{ what: `in scope: ${given}`, ranges: given }];
  for (const { what, ranges } of cases) measure(what, ranges, file, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
