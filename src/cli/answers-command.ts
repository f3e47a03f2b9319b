import type { Command, Option } from 'commander';
import type { Knowledge } from '../model/knowledge.ts';
import type { AnswersOptions } from './answers.ts';
import type { Terminal } from './terminal.ts';

export interface AnswersCommandParts {
  readonly terminal: Terminal;
  readonly knowledge: () => Knowledge;
  readonly reports: () => Option;
}

export function addAnswers(program: Command, { terminal, knowledge, reports }: AnswersCommandParts): void {
  program
    .command('answers')
    .description('write a file for what only the owner can tell, or check it; "report" then takes it in')
    .argument('[run]', 'run id, "latest", or the path of a run', 'latest')
    .addOption(reports())
    .option('--org <id>', 'organisation, when several lie under --reports')
    .option('--all-runs', "for all runs: write it into the organisation's folder, not beside the run")
    .option('--check', 'say what the file holds, and which numbers this run does not have')
    .action(async (run: string, options: AnswersOptions) => {
      const { checkAnswersCommand, writeAnswersCommand } = await import('./answers.ts');
      if (options.check === true) await checkAnswersCommand(run, options, terminal);
      else await writeAnswersCommand(run, options, knowledge, terminal);
    });
}
