import { Option, type Command } from 'commander';
import type { Knowledge } from '../model/knowledge.ts';
import { IMPORT_TYPES } from '../model/import.ts';
import { asArgument } from './as-argument.ts';
import type { ExitCode } from './exit-code.ts';
import type { ImportOptions } from './import.ts';
import { DEFAULT_ORGANISATION_FILE } from './names.ts';
import { parseObserved, parseVantage } from './scan-options.ts';
import type { Terminal } from './terminal.ts';

export interface ImportCommandParts {
  readonly terminal: Terminal;
  readonly done: (code: ExitCode) => void;
  readonly version: string;
  readonly knowledge: () => Knowledge;
  readonly reportsOption: () => Option;
}

export function addImport(
  program: Command,
  { terminal, done, version, knowledge, reportsOption }: ImportCommandParts,
): void {
  program
    .command('import')
    .description(
      'take in files of other tools (Shodan, InternetDB, Censys, nmap, masscan, naabu, httpx, nuclei, zgrab2, tlsx) or your list of devices (CSV); sends nothing',
    )
    .argument('[files...]', 'files, packed with gzip or not')
    .addOption(
      new Option('--as <type>', 'what the files are (default: recognised by content)').choices([
        'auto',
        ...IMPORT_TYPES,
      ]),
    )
    .option(
      '--org-file <file>',
      'organisation file: what lies outside its ranges is left out',
      DEFAULT_ORGANISATION_FILE,
    )
    .addOption(reportsOption())
    .option('--vantage <name>', 'where the tool stood', asArgument(parseVantage))
    .option(
      '--observed <date>',
      'day of the look, YYYY-MM-DD, for files that carry no date',
      asArgument(parseObserved),
    )
    .option('--list', 'list what has been taken in')
    .option('--forget <id>', 'remove one, by its id in the list')
    .option('--json', 'one JSON object a file, one a line')
    .action(async (files: string[], options: ImportOptions) => {
      const { importCommand } = await import('./import.ts');
      const now = () => new Date();
      done(
        await importCommand({ files, options, knowledge: knowledge(), toolVersion: version, terminal, now }),
      );
    });
}
