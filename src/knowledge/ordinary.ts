import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStrictYaml } from '../lib/strict-yaml.ts';
import { OrdinaryFile } from './files.ts';

/**
 * Recorded answers of ordinary servers, which nothing may claim: the measure of a new fact.
 *
 * @throws ConfigError when a file is not as it should be.
 */
export function readOrdinary(directory: string): OrdinaryFile {
  const folder = join(directory, 'ordinary');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => parseStrictYaml(readFileSync(join(folder, name), 'utf8'), name, OrdinaryFile).value);
}
