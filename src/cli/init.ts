import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../lib/app-error.ts';
import { describeWriteError, writeNewFile } from '../lib/atomic-file.ts';
import { CONFIG_DIRECTORY } from './package.ts';
import type { Terminal } from './terminal.ts';

/** `sekisho init`: a commented organisation file to fill in. An existing file is never overwritten. */
export async function initCommand(file: string, terminal: Terminal): Promise<void> {
  if (existsSync(file)) {
    throw new AppError(
      'file-exists',
      `${file} is there already and is left as it is. Name another: sekisho init FILE.`,
    );
  }
  const example = readFileSync(join(CONFIG_DIRECTORY, 'sekisho.example.yaml'), 'utf8');
  try {
    await writeNewFile(file, example);
  } catch (error) {
    throw new AppError('write-failed', `Could not write ${file}: ${describeWriteError(error)}`, {
      cause: error,
    });
  }
  terminal.say(
    [
      `Wrote ${file}. Next:`,
      `  1. edit it: your ranges, your sites, who gave permission`,
      `  2. sekisho check ${file}             is it right?`,
      `  3. sekisho scan ${file} --dry-run    who would be contacted, how many packets, how long?`,
      `  4. sekisho scan ${file}`,
    ].join('\n'),
  );
}
