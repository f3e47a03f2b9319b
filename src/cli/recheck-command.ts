import type { Command, Option } from 'commander';
import type { Knowledge } from '../model/knowledge.ts';
import { asArgument } from './as-argument.ts';
import type { ExitCode } from './exit-code.ts';
import type { RecheckOptions } from './recheck.ts';
import { parseVantage } from './scan-options.ts';
import type { Terminal } from './terminal.ts';

export interface RecheckCommand {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  readonly knowledge: () => Knowledge;
  readonly version: string;
  readonly done: (code: ExitCode) => void;
  readonly reports: () => Option;
  readonly languages: (text: string) => ('ja' | 'en')[];
}

const HELP = `
The place is looked at under the permission, exclusions and hours of the organisation file as it is today, and nothing else is.
What is seen is kept in the journal of the run and told in part 11 of the finding. The result of the run stays as it is: a door is
called closed when two runs have missed it.
Exit code: 10 it was reached; 0 it was not (refused, or no answer over TCP); 30 nobody can tell (not looked at, or no answer over UDP).`;

export function addRecheck(
  program: Command,
  { terminal, environment, knowledge, version, done, reports, languages }: RecheckCommand,
): void {
  program
    .command('recheck')
    .description('look again at the door of one finding, from here and now')
    .argument('<finding>', 'number of the finding, such as B-07')
    .argument('[names...]', 'organisation file (default: sekisho.yaml), and a run (default: the newest)')
    .addOption(reports())
    .option(
      '--vantage <name>',
      "name of the place that is looked from, instead of the file's",
      asArgument(parseVantage),
    )
    .option('--lang <list>', 'ja or en', languages)
    .option('--json', 'print one JSON line')
    .option('--verbose', 'log what is done to stderr')
    .addHelpText('after', HELP)
    .action(async (spokenId: string, named: string[], options: RecheckOptions) => {
      const { recheckCommand } = await import('./recheck.ts');
      const now = (): Date => new Date();
      const shared = { knowledge: knowledge(), toolVersion: version, terminal, environment, now };
      done(await recheckCommand({ ...shared, spokenId, named, options }));
    });
}
