import type { Command } from 'commander';
import type { Knowledge } from '../model/knowledge.ts';
import type { Only } from '../observe/probe/sweep-plan.ts';
import { asArgument } from './as-argument.ts';
import type { ExitCode } from './exit-code.ts';
import type { LearnOptions } from './learn.ts';
import { DEFAULT_ORGANISATION_FILE } from './names.ts';
import { parseOnly } from './scan-options.ts';
import type { Terminal } from './terminal.ts';

export interface KnowledgeCommandParts {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  readonly done: (code: ExitCode) => void;
  readonly version: string;
  /** What ships, with the product files of this installation. */
  readonly shipped: () => Knowledge;
  /** The same with the newest list of known-exploited vulnerabilities. */
  readonly knowledge: () => Knowledge;
}

/** `kb`, `match` and `learn`: for who keeps the knowledge, and for the rescuer with a recorded answer in his hand. */
export function addKnowledgeCommands(program: Command, parts: KnowledgeCommandParts): void {
  addKb(program, parts);
  addMatch(program, parts);
  addLearn(program, parts);
}

function addKb(program: Command, { terminal, environment, done, shipped }: KnowledgeCommandParts): void {
  const kb = program
    .command('kb')
    .description('the list of known-exploited vulnerabilities that findings are judged by');
  const input = () => ({ shipped: shipped(), environment, terminal, now: () => new Date() });
  kb.command('update')
    .description("take over CISA's newest list; sends nothing to the organisation")
    .option('--file <file>', 'from a file (.json or .json.gz) instead: for a machine without network')
    .option('--force', 'also take over an older list, or one that lacks many entries of the old one')
    .option('--json', 'print the result as one JSON line')
    .action(async (options: { file?: string; force?: boolean; json?: boolean }) =>
      done(await (await import('./kb.ts')).kbUpdateCommand(options, input())),
    );
  kb.command('status')
    .description('which list is used, how old it is, and what it has that the product files do not know')
    .option('--json', 'as one JSON line')
    .action(async (options: { json?: boolean }) =>
      (await import('./kb-status.ts')).kbStatusCommand(options, input()),
    );
}

function addMatch(program: Command, { terminal, done, knowledge }: KnowledgeCommandParts): void {
  program
    .command('match')
    .description(
      'name the product behind recorded answers (JSON lines); which facts decided, and near misses',
    )
    .argument('<file>', 'file of JSON lines, or - for standard input')
    .option('--json', 'one JSON object a line')
    .action(async (file: string, { json = false }: { json?: boolean }) => {
      const { matchCommand } = await import('./match.ts');
      done(await matchCommand({ file, json, knowledge: knowledge(), terminal, input: process.stdin }));
    });
}

function addLearn(
  program: Command,
  { terminal, environment, done, version, knowledge }: KnowledgeCommandParts,
): void {
  program
    .command('learn')
    .description('write a product file from what a device of your own scope answers')
    .argument('<place>', 'ADDRESS:PORT', asArgument(parseOnly))
    .argument('[file]', 'organisation file', DEFAULT_ORGANISATION_FILE)
    .requiredOption('--as <product>', 'its name here: lower-case letters, digits, hyphens')
    .option('--class <class>', 'kind of service, as in config/classes.yaml')
    .option('--vendor <vendor>', 'who makes it')
    .option('--name <name>', 'what the maker calls it')
    .action(async (place: Only, file: string, options: LearnOptions) => {
      const { learnCommand } = await import('./learn.ts');
      const now = () => new Date();
      done(
        await learnCommand({
          place,
          file,
          options,
          knowledge: knowledge(),
          toolVersion: version,
          terminal,
          environment,
          now,
        }),
      );
    });
}
