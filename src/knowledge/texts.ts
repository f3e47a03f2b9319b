import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, errorText } from '../lib/app-error.ts';
import { sha256Hex } from '../lib/hash.ts';

/** Path under the directory, with "/" → content of every knowledge file. */
export type Texts = ReadonlyMap<string, string>;

const OWN_FILES = [
  'classes.yaml',
  'ports.yaml',
  'advisory-data.yaml',
  'vendors.yaml',
  'wanted.yaml',
  'web-shell-paths.yaml',
  'contacts.yaml',
  'volatility.yaml',
];
const isYaml = (name: string): boolean => /\.ya?ml$/.test(name);

/**
 * Reads all files of the knowledge: not the organisation's own file, nor the ordinary answers, which are for the tests.
 *
 * @throws AppError when the directory or a file cannot be read.
 */
export function readTexts(directory: string): Texts {
  const texts = new Map<string, string>();
  const read = (path: string): void => {
    texts.set(path, attempt(join(directory, path), readText));
  };
  const names = list(directory);
  for (const name of names) if (OWN_FILES.includes(name)) read(name);
  for (const folder of ['advice', 'rules']) {
    if (!names.includes(folder)) continue;
    for (const name of list(join(directory, folder))) if (isYaml(name)) read(`${folder}/${name}`);
  }
  return new Map([...texts, ...readProductTexts(directory)]);
}

/** The files under `products/<class>/` alone. @throws AppError when a folder or file cannot be read. */
export function readProductTexts(directory: string): Texts {
  const texts = new Map<string, string>();
  for (const folder of list(join(directory, 'products'), 'folders')) {
    for (const name of list(join(directory, 'products', folder)).filter(isYaml)) {
      const path = `products/${folder}/${name}`;
      texts.set(path, attempt(join(directory, path), readText));
    }
  }
  return texts;
}

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

/** Over names and contents; the order of reading does not matter. */
export function digestOf(texts: Texts): string {
  const lines = [...texts].map(([path, text]) => `${path}\0${sha256Hex(text)}`).toSorted();
  return sha256Hex(lines.join('\n'));
}

function list(path: string, what: 'all' | 'folders' = 'all'): string[] {
  const entries = attempt(path, (folder) => readdirSync(folder, { withFileTypes: true }));
  return entries
    .filter((entry) => what === 'all' || entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

function attempt<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    throw new AppError(
      'config',
      `${path} cannot be read (${errorText(error)}): give the directory that holds products/, rules/ and advice/`,
      { cause: error },
    );
  }
}
