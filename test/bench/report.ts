/**
 * npm run bench:report: the reports of a run with 5,000 services and 2,000 findings. The run is made once and kept in a file; each view in
 * each language, the spreadsheet, and all files of one language as a run writes them, is then made in a process of its own, so that its
 * peak of memory is its own. Prints a line for each, and ends with 1 when one of them misses its target (`TARGETS`).
 *
 *   npm run bench:report -- [--services 5000] [--findings 2000] [--only whole.ja]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { viewOf, writeReports, type ReportInput } from '../../src/cli/report-files.ts';
import { FILE_FORMATS, FORMATS } from '../../src/report/formats.ts';
import { VIEW_NAMES, type ViewName } from '../../src/report/views.ts';
import { goldenReport, runGolden } from '../golden/golden.ts';
import { bigRun } from './big-run.ts';

/** For the size that is the default; of a larger run they are only a yardstick. */
const TARGETS = {
  /** All files of one language. */
  whole: { seconds: 5, mebibytes: 400 },
  /** The spreadsheet alone: the library writes its hundred thousand cells. */
  sheets: { seconds: 4, mebibytes: 400 },
  /** One page, from the run to the last byte. */
  page: { seconds: 2, mebibytes: 400 },
} as const;

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '5000' },
    findings: { type: 'string', default: '2000' },
    only: { type: 'string' },
    job: { type: 'string' },
    run: { type: 'string' },
  },
});

if (values.job === undefined || values.run === undefined) process.exitCode = await parent();
else {
  const { line, isMet } = await child(values.job, values.run);
  process.stdout.write(`${line}\n`);
  process.exitCode = isMet ? 0 : 1;
}

/** 1: a target was missed, or a report could not be made. */
async function parent(): Promise<0 | 1> {
  const jobs = (['ja', 'en'] as const).flatMap((lang) => [
    ...VIEW_NAMES.map((view) => `${view}.${lang}`),
    `sheets.${lang}`,
    `whole.${lang}`,
  ]);
  const wanted = values.only === undefined ? jobs : jobs.filter((job) => job === values.only);
  const directory = mkdtempSync(join(tmpdir(), 'sekisho-bench-'));
  const run = join(directory, 'run.bin');
  try {
    const golden = await runGolden();
    const made = bigRun(golden, Number(values.services), Number(values.findings));
    const input: ReportInput = { ...goldenReport(golden), ...made };
    writeFileSync(run, serialize(input));
    let isMet = wanted.length > 0;
    for (const job of wanted) {
      const argv = [...process.execArgv, import.meta.filename, '--job', job, '--run', run];
      const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
      isMet &&= status === 0;
      process.stdout.write(stdout === '' ? `${job}: failed\n${stderr}\n` : stdout);
    }
    return isMet ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * "full.ja  1.20 s (1.10 s of CPU)  312 MiB (214 before)  2.10 MB": memory at its peak, and before the report was begun. On a machine that
 * does other work the clock tells of that work too, so the lesser of clock and CPU counts.
 */
async function child(job: string, run: string): Promise<{ line: string; isMet: boolean }> {
  const [name = '', language] = job.split('.');
  const lang = language === 'en' ? 'en' : 'ja';
  const input = deserialize(readFileSync(run)) as ReportInput;
  const peak = (): number => process.resourceUsage().maxRSS / 1024;
  const before = peak();
  const started = performance.now();
  const cpu = process.cpuUsage();
  const bytes = await make();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const busy = (user + system) / 1e6;
  const target = name === 'whole' || name === 'sheets' ? TARGETS[name] : TARGETS.page;
  const missed = [
    ...(Math.min(seconds, busy) > target.seconds ? [`over ${target.seconds} s`] : []),
    ...(peak() > target.mebibytes ? [`over ${target.mebibytes} MiB`] : []),
  ];
  const figures = [
    job.padEnd(12),
    `${seconds.toFixed(2).padStart(6)} s (${busy.toFixed(2)} s of CPU)`,
    `${peak().toFixed(0).padStart(5)} MiB (${before.toFixed(0)} before)`,
    `${(bytes / 1e6).toFixed(2)} MB`,
    ...(missed.length === 0 ? [] : [`TARGET MISSED: ${missed.join(', ')}`]),
  ];
  return { line: figures.join('  '), isMet: missed.length === 0 };

  async function make(): Promise<number> {
    if (name === 'whole') return whole();
    const view = viewOf(input, lang);
    if (name === 'sheets') return (await FILE_FORMATS.xlsx.render(view)).length;
    return Buffer.byteLength(FORMATS.html.render(view, viewName(name)));
  }

  async function whole(): Promise<number> {
    const directory = mkdtempSync(join(tmpdir(), 'sekisho-bench-'));
    try {
      const files = await writeReports({ ...input, directory, languages: [lang] });
      return files.reduce((sum, file) => sum + statSync(file).size, 0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
}

function viewName(name: string): ViewName {
  const view = VIEW_NAMES.find((one) => one === name);
  if (view === undefined) throw new Error(`there is no view ${name}`);
  return view;
}
