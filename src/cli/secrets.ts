import { readFileSync } from 'node:fs';
import { AppError, errorText } from '../lib/app-error.ts';

/**
 * The Shodan key: from SHODAN_API_KEY, or from the file that SHODAN_API_KEY_FILE or `--shodan-key-file` names. Never
 * from the command line itself, where every user of the machine could read it.
 *
 * @throws AppError when a file was named and cannot be used
 */
export function readShodanKey(environment: NodeJS.ProcessEnv, file: string | undefined): string | undefined {
  const named = file ?? environment['SHODAN_API_KEY_FILE'];
  if (named === undefined) return clean(environment['SHODAN_API_KEY']);
  try {
    const key = clean(readFileSync(named, 'utf8'));
    if (key !== undefined && !/\s/.test(key)) return key;
    if (key !== undefined)
      throw new AppError(
        'secret',
        `The Shodan key file ${named} holds more than the key: leave the key alone in it, on one line.`,
      );
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('secret', `The Shodan key file ${named} cannot be read: ${errorText(error)}`, {
      cause: error,
    });
  }
  throw new AppError('secret', `The Shodan key file ${named} is empty: write the key into it, on one line.`);
}

function clean(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? undefined : trimmed;
}
