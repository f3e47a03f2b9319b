/** Commands that look at several stored runs at once. */
import { Option, type Command } from 'commander';
import type { Knowledge } from '../model/knowledge.ts';
import type { CompareOptions } from './compare.ts';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

export interface AcrossRuns {
  readonly terminal: Terminal;
  readonly knowledge: () => Knowledge;
  readonly done: (code: ExitCode) => void;
  /** `--reports` as the other commands have it. */
  readonly reports: () => Option;
}

const COMPARE_HELP = `
Each line is one place. For each run: open, closed (refused), no answer, or not looked. Verdicts:
  only from X   own probes got in from X and not from the others: a restriction by source address, measured
  differs       more than one got in and saw different things (product, version, certificate ...)
  not compared  some of the runs did not look there
  same          every run looked, and they agree
Runs more than 24 hours apart are compared with a warning: the difference may be time, not place.

  sekisho scan --vantage office-lan      (on the same day, from two places)
  sekisho scan --vantage mobile
  sekisho compare --vantages`;

const ASK_HELP = `
A word may be a CVE number, or part of a product's name or id, its maker, or a kind of service (such as ssl-vpn). A word that is
none of these is looked for as text in what services say of themselves.
For each hit: how sure, whether it is there now, organisation, place, product, version, first and last date, who saw it, run.
  now                        the newest run from that vantage point got in, or has a fresh record that nothing contradicts
  in records only            a passive record has it, and the own look did not get in
  only in an imported file   a file of another tool has it, and no own look was made
  was there                  an older run has it; what the newest one found there is said
Dates are UTC. Imported files that no run has taken in yet are gone through as well.
Exit code: 10 when something of it is there now, else 0. How far the search went is always said: "none" means no more than that.`;

export function addAcrossRuns(program: Command, { terminal, knowledge, done, reports }: AcrossRuns): void {
  program
    .command('compare')
    .description('set runs side by side: which doors are reachable from where')
    .argument('[runs...]', 'two to eight run ids, paths of runs, or "latest"')
    .addOption(reports())
    .option('--org <id>', 'organisation, when several lie under --reports')
    .option('--vantages', 'the newest run from each vantage point')
    .option('--json', 'JSON lines instead of a table')
    .addHelpText('after', COMPARE_HELP)
    .action(async (runs: string[], options: CompareOptions) =>
      (await import('./compare.ts')).compareCommand(runs, options, knowledge(), terminal),
    );
  program
    .command('ask')
    .description('is a product or a CVE anywhere in what is stored: where, since when, which version')
    .argument('<words...>', 'product, maker, kind of service, or CVE number')
    .addOption(reports())
    .option('--json', 'JSON lines instead of a table; the last one is the summary')
    .addHelpText('after', ASK_HELP)
    .action(async (words: string[], options: { readonly reports: string; readonly json?: boolean }) => {
      const context = { knowledge: knowledge(), terminal, now: () => new Date() };
      done(await (await import('./ask.ts')).askCommand(words, options, context));
    });
}
