import { join, relative } from 'node:path';
import type { z } from 'zod';
import {
  ConfigError,
  type ConfigPath,
  type ConfigProblem,
  formatPath,
  parseStrictYaml,
} from '../lib/strict-yaml.ts';
import type { Texts } from './texts.ts';

/** Parses files one by one and gathers every problem, so that an author sees all of them at once. */
export interface Reader {
  /** Undefined when the file is missing or cannot be used; the reason is then among the problems. */
  file<T>(path: string, schema: z.ZodType<T>): ReadFile<T> | undefined;
  /** The same; a missing file is no problem. */
  optional<T>(path: string, schema: z.ZodType<T>): ReadFile<T> | undefined;
  /** Paths under a folder, sorted. */
  under(folder: string): string[];
  problem(path: string, message: string): void;
  /** @throws ConfigError when there was any problem. */
  finish(): void;
}

export interface ReadFile<T> {
  readonly value: T;
  /** Adds a problem found after parsing, at the place of a value. */
  problem(path: ConfigPath, message: string): void;
}

export function createReader(directory: string, texts: Texts): Reader {
  const problems: ConfigProblem[] = [];
  const shown = (path: string): string => relative(process.cwd(), join(directory, path));
  const problem = (path: string, message: string): void => {
    problems.push({ file: shown(path), line: 1, column: 1, path: '', message });
  };
  const optional = <T>(path: string, schema: z.ZodType<T>): ReadFile<T> | undefined => {
    const text = texts.get(path);
    if (text === undefined) return undefined;
    const file = shown(path);
    try {
      const { value, where } = parseStrictYaml(text, file, schema);
      return {
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
    optional,
    problem,
    file: (path, schema) => {
      if (!texts.has(path)) {
        problem(
          path,
          'the file is missing: it belongs to sekisho, so install sekisho again or give the right directory',
        );
      }
      return optional(path, schema);
    },
    under: (folder) => [...texts.keys()].filter((path) => path.startsWith(`${folder}/`)).toSorted(),
    finish: () => {
      if (problems.length > 0) throw new ConfigError(problems);
    },
  };
}
