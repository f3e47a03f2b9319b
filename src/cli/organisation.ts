import { readFileSync } from 'node:fs';
import { AppError, errorText } from '../lib/app-error.ts';
import { ConfigError } from '../lib/strict-yaml.ts';
import type { Knowledge } from '../model/knowledge.ts';
import { readOrganisationFile, type ReadOrganisation } from '../scope/organisation-file.ts';

export interface LoadedOrganisation extends ReadOrganisation {
  readonly file: string;
  /** The file as it is, kept with the run. */
  readonly text: string;
}

/** @throws AppError when the file is not there, ConfigError when it is wrong */
export function loadOrganisation(file: string, knowledge: Knowledge): LoadedOrganisation {
  const text = readText(file);
  const vocabulary = {
    portProfiles: knowledge.ports,
    hasProduct: (id: string) => knowledge.products.has(id),
  };
  return { ...readOrganisationFile(text, file, vocabulary), file, text };
}

/**
 * @param otherwise what can be done without a permission, ends the sentence
 * @throws ConfigError at the place of the permission when probes may not be sent any more
 */
export function requirePermission(
  { scope, file, permissionPlace }: LoadedOrganisation,
  now: Date,
  otherwise = ', or run with --passive',
): void {
  const problem = (message: string): ConfigError =>
    new ConfigError([{ file, ...permissionPlace, path: 'permission', message }]);
  if (scope.permission === undefined) {
    throw problem(`no permission to probe: add "permission: { by, reference, valid-until }"${otherwise}`);
  }
  if (now.getTime() > Date.parse(scope.permission.validUntil)) {
    throw problem(
      `the permission ended on ${scope.permission.validUntil}: ask for a new one and write its date here${otherwise}`,
    );
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new AppError(
        'no-file',
        `There is no file ${file}. Write one with "sekisho init", or name yours: sekisho scan FILE.`,
        { cause: error },
      );
    }
    throw new AppError('no-file', `${file} cannot be read: ${errorText(error)}`, { cause: error });
  }
}
