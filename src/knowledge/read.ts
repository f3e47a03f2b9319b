import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { z } from 'zod';
import { AppError, errorText } from '../lib/app-error.ts';
import {
  ConfigError,
  type ConfigPath,
  type ConfigProblem,
  formatPath,
  parseStrictYaml,
} from '../lib/strict-yaml.ts';

/** Reads files below one directory, remembers what was read for the digest, and gathers every problem before failing. */
export interface Reader {
  /** Undefined when the file cannot be used; the reason is then among the problems. */
  file<T>(path: string, schema: z.ZodType<T>): ReadFile<T> | undefined;
  optional<T>(path: string, schema: z.ZodType<T>): ReadFile<T> | undefined;
  /** Names of the YAML files, or with `folders` of the folders, in a folder; sorted. */
  list(path: string, what: 'files' | 'folders'): string[];
  problem(problem: ConfigProblem): void;
  /** @throws ConfigError when there was any problem. */
  finish(): ReadonlyMap<string, string>;
}

export interface ReadFile<T> {
  /** As shown in messages. */
  readonly file: string;
  readonly value: T;
  /** Adds a problem found after parsing, at the place of a value. */
  problem(path: ConfigPath, message: string): void;
}

export function createReader(directory: string): Reader {
  const texts = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  const shown = (path: string): string => relative(process.cwd(), join(directory, path)) || path;

  const read = <T>(path: string, schema: z.ZodType<T>, text: string): ReadFile<T> | undefined => {
    const file = shown(path);
    texts.set(path, text);
    try {
      const { value, where } = parseStrictYaml(text, file, schema);
      return {
        file,
        value,
        problem: (at, message) => {
          problems.push({ file, ...where(at), path: formatPath(at), message });
        },
      };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };

  return {
    file: (path, schema) => {
      try {
        return read(path, schema, readFileSync(join(directory, path), 'utf8'));
      } catch (error) {
        const message = `cannot be read (${errorText(error)}): the file belongs to sekisho, install it again or give the right --config directory`;
        problems.push({ file: shown(path), line: 1, column: 1, path: '', message });
        return undefined;
      }
    },
    optional: (path, schema) => {
      let text: string;
      try {
        text = readFileSync(join(directory, path), 'utf8');
      } catch {
        return undefined;
      }
      return read(path, schema, text);
    },
    list: (path, what) => listFolder(join(directory, path), what),
    problem: (problem) => problems.push(problem),
    finish: () => {
      if (problems.length > 0) throw new ConfigError(problems);
      return texts;
    },
  };
}

function listFolder(path: string, what: 'files' | 'folders'): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) =>
        what === 'files' ? entry.isFile() && /\.ya?ml$/.test(entry.name) : entry.isDirectory(),
      )
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    throw new AppError(
      'config',
      `${path} cannot be read (${errorText(error)}): give the directory that holds products/, rules/ and advice/`,
      { cause: error },
    );
  }
}
