/** What the owner has told, beside a run or for all runs of an organisation: `answers.yaml`, written by hand. */
import { open, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError, errorText } from '../lib/app-error.ts';
import { ConfigError, parseStrictYaml, type ConfigProblem } from '../lib/strict-yaml.ts';
import { Answers } from '../model/answers.ts';
import type { Run } from './store.ts';

export const ANSWERS_FILE = 'answers.yaml';

/** Some thousand answers fit; anything larger is another file by mistake, or an attempt to keep the parser busy. */
const MOST_BYTES = 1_000_000;

/** A key with nothing behind it, or with empty quotes, is a question that nobody has answered yet. */
const AnswersFile = z.preprocess((file) => filledIn(file) ?? {}, Answers);

/** Where the answers of a run may lie: beside it, and, when it lies in an organisation's folder, there for all its runs. */
export function answersPaths(run: Run): { readonly own: string; readonly all: string | undefined } {
  return {
    own: join(run.directory, ANSWERS_FILE),
    // A run that was named by a path anywhere has no folder above it that is ours.
    all: run.organisation === undefined ? undefined : join(dirname(resolve(run.directory)), ANSWERS_FILE),
  };
}

/** The file that counts for a run: its own before that of the organisation. They are not mixed. */
export async function findAnswers(run: Run): Promise<string | undefined> {
  const { own, all } = answersPaths(run);
  for (const path of [own, all]) if (path !== undefined && (await isThere(path))) return path;
  return undefined;
}

/**
 * What the owner has told about a run. Undefined: there is no such file.
 *
 * @throws ConfigError naming every fault as file:line:column; AppError `answers-file` when it cannot be read
 */
export async function readAnswers(run: Run): Promise<Answers | undefined> {
  const path = await findAnswers(run);
  return path === undefined ? undefined : readAnswersFile(path);
}

/** @throws ConfigError, AppError `answers-file` */
export async function readAnswersFile(path: string): Promise<Answers> {
  const text = decoded(path, await readBounded(path));
  try {
    return parseStrictYaml(text, path, AnswersFile).value;
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(error.problems.map(forWriters)) : error;
  }
}

/** In the words of somebody who fills in the template. 7.10 without quotes is the number 7.1, and a colon begins a key. */
function forWriters(problem: ConfigProblem): ConfigProblem {
  const { message } = problem;
  if (message === 'expected text, found ""') return { ...problem, message: 'missing: write text here' };
  if (/^expected text, found (?:-?\d|true|false)/.test(message))
    return { ...problem, message: `${message}: put it in quotes, like "7.10"` };
  return message.startsWith('not valid YAML')
    ? {
        ...problem,
        message: `${message}. Is every text in "quotes", and every \\ or " in it written as \\\\ or \\"?`,
      }
    : problem;
}

/** Empty texts and keys without a value are taken out, and what is then empty itself. Undefined: nothing is left. */
function filledIn(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (Array.isArray(value)) {
    // Elements keep their places, so that a fault is shown at its own line.
    const elements: unknown[] = value.map((one: unknown) => filledIn(one) ?? {});
    return elements.every((one) => isEmptyRecord(one)) ? undefined : elements;
  }
  if (typeof value !== 'object' || value instanceof Map) return value;
  const filled = Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const rest = filledIn(inner);
    return rest === undefined ? [] : [[key, rest] as const];
  });
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}

function isEmptyRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}

async function readBounded(path: string): Promise<Uint8Array> {
  try {
    // Asked before it is opened: opening a pipe waits for somebody to write into it.
    const found = await stat(path);
    if (!found.isFile()) throw fault(path, 'this is no file: write the answers into a file of this name');
    if (found.size > MOST_BYTES) throw tooLarge(path, found.size);
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(MOST_BYTES + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        if (bytesRead === 0) return buffer.subarray(0, length);
        length += bytesRead;
        if (length > MOST_BYTES) throw tooLarge(path, length);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'answers-file',
      `${path} cannot be read: ${errorText(error)}. Make it readable for yourself, or move it away.`,
      { cause: error },
    );
  }
}

function decoded(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fault(path, 'the file is not UTF-8: open it in your editor and save it with the encoding UTF-8');
  }
}

function tooLarge(path: string, bytes: number): ConfigError {
  return fault(
    path,
    `the file has at least ${bytes} bytes; at most ${MOST_BYTES} are read: leave the answers in it and nothing else`,
  );
}

function fault(file: string, message: string): ConfigError {
  return new ConfigError([{ file, line: 1, column: 1, path: '', message }]);
}
