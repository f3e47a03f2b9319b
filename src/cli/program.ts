import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { AppError, errorText } from '../lib/app-error.ts';
import { loadKnowledge } from '../knowledge/load.ts';
import { withLocalProducts } from '../knowledge/local-products.ts';
import { dataDirectory } from '../lib/data-directory.ts';
import { once } from '../lib/once.ts';
import type { Knowledge } from '../model/knowledge.ts';
import { ExitCode } from './exit-code.ts';
import { DEFAULT_ORGANISATION_FILE } from './names.ts';
import { addAcrossRuns } from './across-runs.ts';
import { withKeptList } from './advisory-list.ts';
import { addAnswers } from './answers-command.ts';
import { asArgument } from './as-argument.ts';
import { addImport } from './import-command.ts';
import { addKnowledgeCommands } from './knowledge-commands.ts';
import { addRecheck } from './recheck-command.ts';
import type { ReportOptions } from './report.ts';
import { addShare } from './share-command.ts';
import { prepareScan, type ScanInput } from './prepare.ts';
import { CONFIG_DIRECTORY, packageVersion } from './package.ts';
import { parseOnly, parseVantage, type ScanOptions } from './scan-options.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { VIEW_NAMES } from '../report/views.ts';

const REPORT_HELP = `
Without options, all files of the run are written again, beside its snapshot; what is left out is as the organisation file has it.
  --view small|rescuer|weekly|director|full    that view alone, as its file (a page; weekly: a text)
  --format FORM [--view VIEW]                  to stdout, or with --out FILE into a file; xlsx always needs a file
  --pdf [--view VIEW] [--out FILE]             PDF of every page, or of one view; needs Chromium or Google Chrome; CHROMIUM names another one`;

/** Runs one command line. Returns the exit code; expected errors are printed as one message, without a stack. */
export async function runCommandLine(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  terminal: Terminal = createTerminal(environment),
): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.nothingNew;
  const program = buildProgram(terminal, environment, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.nothingNew : ExitCode.usage;
    if (error instanceof AppError) {
      terminal.say(error.message);
      if (error.code === 'interrupted') return ExitCode.interrupted;
      return USAGE_CODES.has(error.code) ? ExitCode.usage : ExitCode.unexpected;
    }
    terminal.say(
      `Unexpected error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : errorText(error)}`,
    );
    return ExitCode.unexpected;
  }
}

/** Errors that the caller mends by calling differently or by editing a file. Full disks and broken stores are not among them. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'usage',
  'config',
  'no-file',
  'file-exists',
  'answers-file',
  'no-browser',
  'secret',
  'resume',
  'locked',
  'organisation-id',
  'run-not-found',
  'run-ambiguous',
  'import-file',
  'import-type',
  'import-empty',
  'import-unusable',
  'import-not-found',
]);

type Done = (code: ExitCode) => void;

function buildProgram(terminal: Terminal, environment: NodeJS.ProcessEnv, done: Done): Command {
  const version = packageVersion();
  const shipped = once(() => withLocalProducts(loadKnowledge(CONFIG_DIRECTORY), dataDirectory(environment)));
  const knowledge = once(() => withKeptList(shipped(), environment, terminal));
  const program = new Command('sekisho')
    .description(
      'Tells what the Internet can reach at your boundary, since when, what that means, and what to do first.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.result(text), writeErr: (text) => terminal.say(text) })
    .showSuggestionAfterError()
    .showHelpAfterError('(sekisho --help)');
  program
    .command('init')
    .description('write a commented organisation file')
    .argument('[file]', 'where to', DEFAULT_ORGANISATION_FILE)
    .action(async (file: string) => (await import('./init.ts')).initCommand(file, terminal));
  program
    .command('check')
    .description('validate the knowledge under config and the organisation file')
    .argument('[file]', `organisation file (default: ${DEFAULT_ORGANISATION_FILE} if it is there)`)
    .action(async (file: string | undefined) =>
      (await import('./check.ts')).checkCommand(file, knowledge(), new Date(), terminal),
    );
  addScan(program, { terminal, environment, done, version, knowledge });
  addImport(program, { terminal, done, version, knowledge, reportsOption });
  addRunCommands(program, { terminal, knowledge, version, environment });
  addAnswers(program, { terminal, knowledge, reports: reportsOption });
  addRecheck(program, {
    terminal,
    environment,
    knowledge,
    version,
    done,
    reports: reportsOption,
    languages,
  });
  addAcrossRuns(program, { terminal, knowledge, done, reports: reportsOption });
  addShare(program, { terminal, environment, done, reports: reportsOption });
  addKnowledgeCommands(program, { terminal, environment, done, version, shipped, knowledge });
  program
    .command('schema')
    .description('print a JSON Schema')
    .argument('<topic>', 'organisation, product, sample, services, findings, report')
    .action(async (topic: string) => (await import('./schema.ts')).schemaCommand(topic, terminal));
  return program;
}

interface Shared {
  readonly terminal: Terminal;
  readonly knowledge: () => Knowledge;
  readonly version: string;
}

interface ProcessParts {
  readonly environment: NodeJS.ProcessEnv;
  readonly done: Done;
}

function addScan(
  program: Command,
  { terminal, environment, done, version, knowledge }: Shared & ProcessParts,
): void {
  program
    .command('scan')
    .description('look at the boundary: one run from the organisation file to the reports')
    .argument('[file]', 'organisation file', DEFAULT_ORGANISATION_FILE)
    .addOption(reportsOption())
    .option('--passive', 'send no packet to the organisation: ask passive sources only')
    .option('--dry-run', 'print who would be contacted, packets, time and credits; send nothing')
    .option('--resume', 'go on with the newest run if it was killed or stopped')
    .option(
      '--import <file>',
      'take in a file of another tool first, as "sekisho import" does; may be repeated',
      (file: string, before: readonly string[]) => [...before, file],
      [] as readonly string[],
    )
    .option('--discover-only', 'list open ports only; no conversation, no run on disk')
    .option(
      '--only <place>',
      'ADDRESS or ADDRESS:PORT of the scope: check one place again',
      asArgument(parseOnly),
    )
    .option('--rate <n>', 'new connections a second, whole run', number(1, 50_000))
    .option('--ports <list>', "port profile (small, standard, deep) or list, instead of the file's")
    .option(
      '--vantage <name>',
      "name of the place that this run looks from, instead of the file's",
      asArgument(parseVantage),
    )
    .option('--lang <list>', 'languages of the reports: ja, en or ja,en', languages)
    .addOption(
      new Option('--fail-on <priority>', 'exit 10 only for changes at or above')
        .choices(['P1', 'P2', 'P3', 'P4'])
        .default('P4'),
    )
    .option('--json', 'print a summary as one JSON line')
    .option('--quiet', 'print nothing but errors (and --json)')
    .option('--verbose', 'log what is done to stderr')
    .option('--log-file <file>', 'append the log to a file instead')
    .option('--shodan-key-file <file>', 'read the Shodan key from a file instead of SHODAN_API_KEY')
    .action(async (file: string, options: ScanOptions) => {
      const input = {
        file,
        options,
        knowledge: knowledge(),
        toolVersion: version,
        terminal,
        environment,
        now: () => new Date(),
      };
      done(await runScan(input));
    });
}

/** Only what the chosen form of a scan needs is loaded: a quick look should begin quickly. */
async function runScan(input: ScanInput): Promise<ExitCode> {
  const prepared = prepareScan(input);
  if (input.options.dryRun === true) return (await import('./dry-run.ts')).dryRunCommand(prepared);
  if (input.options.discoverOnly === true) return (await import('./discover.ts')).discoverCommand(prepared);
  return (await import('./scan.ts')).scanCommand(prepared);
}

interface RunOptions {
  readonly reports: string;
  readonly org?: string;
  readonly json?: boolean;
}

function addRunCommands(
  program: Command,
  { terminal, knowledge, version, environment }: Shared & Pick<ProcessParts, 'environment'>,
): void {
  const onRun = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('[run]', 'run id, "latest", or the path of a run', 'latest')
      .addOption(reportsOption())
      .option('--org <id>', 'organisation, when several lie under --reports');
  onRun('services', 'what was found, one object a line')
    .option('--json', 'JSON lines instead of a table')
    .action(async (run: string, options: RunOptions) =>
      (await import('./list.ts')).servicesCommand(run, options, knowledge(), terminal),
    );
  onRun('findings', 'what it means, one object a line')
    .option('--json', 'JSON lines instead of a table')
    .action(async (run: string, options: RunOptions) =>
      (await import('./list.ts')).findingsCommand(run, options, knowledge(), terminal),
    );
  onRun('report', 'write the report of a run again, or print it')
    .option('--lang <list>', 'languages: ja, en or ja,en', languages)
    .addOption(new Option('--view <name>', 'one view of the run').choices(VIEW_NAMES))
    .option('--format <name>', 'one form instead of the files: html, md, text, json, csv, sarif, xlsx')
    .option('--pdf', 'print the pages with the Chromium of this machine')
    .option('--out <file>', 'where the one form goes, instead of stdout')
    .option('--index', 'write only the list of runs: index.html of the organisation')
    .addHelpText('after', REPORT_HELP)
    .action(async (run: string, options: ReportOptions) =>
      (await import('./report.ts')).reportCommand(run, options, {
        knowledge: knowledge(),
        terminal,
        environment,
      }),
    );
  onRun('assess', "judge an old run again with today's knowledge, without a packet").action(
    async (run: string, options: RunOptions) =>
      (await import('./assess.ts')).assessCommand(run, options, {
        knowledge: knowledge(),
        toolVersion: version,
        terminal,
        now: () => new Date(),
      }),
  );
  program
    .command('runs')
    .description('list the runs of every organisation')
    .addOption(reportsOption())
    .option('--json', 'JSON lines instead of a table')
    .action(async (options: RunOptions) => (await import('./runs.ts')).runsCommand(options, terminal));
}

function reportsOption(): Option {
  return new Option('--reports <folder>', 'where the runs are kept')
    .env('SEKISHO_REPORTS')
    .default('reports');
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isFinite(value) || value < least || value > most)
      throw new InvalidArgumentError(`write a number from ${least} to ${most}`);
    return value;
  };
}

function languages(text: string): ('ja' | 'en')[] {
  const found = text.split(',').map((part) => part.trim());
  const known = found.filter((part) => part === 'ja' || part === 'en');
  if (known.length !== found.length) throw new InvalidArgumentError('write ja, en or ja,en');
  return [...new Set(known)];
}
