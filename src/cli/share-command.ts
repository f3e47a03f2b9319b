import { Option, type Command } from 'commander';
import { ENVELOPES, PASSING_ON, REGIONS, SECTORS, SIZES, TLP_MARKS } from '../report/share/choices.ts';
import type { ExitCode } from './exit-code.ts';
import type { ShareOptions } from './share.ts';
import type { Terminal } from './terminal.ts';

interface ShareParts {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  readonly done: (code: ExitCode) => void;
  /** `--reports` as the other commands have it. */
  readonly reports: () => Option;
}

const HELP = `
Nothing is ever sent: the command writes a folder, and you send it. It first prints what it leaves out and what can still point to
you, and writes only after "y", or with --yes. A folder that is there is never written to.

  sekisho share --out copy                              technical information, redacted, for a community (TLP:GREEN)
  sekisho share --findings B-07 --out copy              one finding of it
  sekisho share --tlp AMBER --envelope victim --out copy --contact "…"    all of it, for a desk that helps you

Labels such as HOST-7F3K are the same in every copy. They are made with the key in reports/<organisation>/share.key, which stays with
you: keep it in your backup, give it to nobody.`;

export function addShare(program: Command, { terminal, environment, done, reports }: ShareParts): void {
  program
    .command('share')
    .description('write a redacted copy of a run that you can give to others')
    .argument('[run]', 'run id, "latest", or the path of a run', 'latest')
    .addOption(reports())
    .option('--org <id>', 'organisation, when several lie under --reports')
    .requiredOption('--out <folder>', 'new folder to write')
    .addOption(
      new Option('--envelope <kind>', "technical information alone, or the victim's own as well")
        .choices(ENVELOPES)
        .default('technical'),
    )
    .addOption(
      new Option('--tlp <mark>', 'CLEAR and GREEN are redacted, AMBER is for a desk')
        .choices(TLP_MARKS)
        .default('GREEN'),
    )
    .option('--findings <list>', 'numbers, such as B-07,B-12; without it every finding that names a fault')
    .option('--no-evidence', 'leave out requests and answers')
    .option('--keep-address <list>', "addresses of others to name, such as an attacker's")
    .option('--name', 'AMBER: name the organisation')
    .option('--contact <text>', 'AMBER: how to reach you')
    .option('--note <text>', 'a few words of your own; in CLEAR and GREEN suspect ones are masked')
    .addOption(new Option('--passed-on <answer>', 'may the reader pass it on').choices(PASSING_ON))
    .addOption(new Option('--sector <name>', 'your line of business').choices(SECTORS))
    .addOption(new Option('--size <band>', 'persons who work there').choices(SIZES))
    .addOption(new Option('--region <name>', 'roughly where').choices(REGIONS))
    .addOption(new Option('--lang <language>', 'language of what is printed').choices(['ja', 'en']))
    .option('--yes', 'write without asking')
    .addHelpText('after', HELP)
    .action(async (run: string, options: ShareOptions) =>
      done(await (await import('./share.ts')).shareCommand(run, options, { terminal, environment })),
    );
}
