import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { AppError } from './app-error.ts';
import { tooDeepAt } from './yaml-depth.ts';
import { describeIssues } from './zod-issues.ts';

export type ConfigPath = readonly (string | number)[];

export interface ConfigProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** "sites[2].ranges", empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** Nobody reads more than this at once; the rest shows when these are mended. */
const MOST_PRINTED = 30;

/** A file of ours that cannot be used. The message lists every problem as `file:line:column: path: what to do`. */
export class ConfigError extends AppError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const more = problems.length > MOST_PRINTED ? [`… and ${problems.length - MOST_PRINTED} more`] : [];
    super('config', [...problems.slice(0, MOST_PRINTED).map(formatProblem), ...more].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export interface StrictYaml<T> {
  readonly value: T;
  /** Place of a value in the file; of the nearest thing that exists when the path does not. */
  readonly where: (path: ConfigPath) => { line: number; column: number };
}

/** Our files are small; anything larger is a mistake, or an attempt to keep the parser busy. */
const MAX_CHARACTERS = 4_000_000;
/** Aliases are allowed, multiplying them is not ("billion laughs"). */
const MAX_ALIASES = 50;

/**
 * Reads YAML 1.2 (core schema: dates stay text) and checks it. Duplicate keys, tabs as indentation, unknown tags,
 * several documents, alias bombs and thousands of levels are errors.
 *
 * @throws ConfigError with every problem found and its place.
 */
export function parseStrictYaml<T>(text: string, file: string, schema: z.ZodType<T>): StrictYaml<T> {
  const fail = (line: number, column: number, message: string): ConfigError =>
    new ConfigError([{ file, line, column, path: '', message }]);
  if (text.length > MAX_CHARACTERS) {
    throw fail(1, 1, `the file has ${text.length} characters; at most ${MAX_CHARACTERS} are read`);
  }
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    const before = text.slice(0, deep).split('\n');
    throw fail(
      before.length,
      (before.at(-1)?.length ?? 0) + 1,
      'nested too deeply: write keys and texts as in the example',
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new ConfigError(
      faults.map(({ code, message, pos }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { file, line, column: col, path: '', message: yamlMessage(code, message, text.slice(...pos)) };
      }),
    );
  }
  const where = (path: ConfigPath, key = false): { line: number; column: number } => {
    const { line, col } = lines.linePos(offsetOf(document, path, key));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  let input: unknown;
  try {
    input = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw fail(1, 1, `too many aliases (at most ${MAX_ALIASES}): ${(error as Error).message}`);
  }
  if (input === null) throw fail(1, 1, 'the file is empty');
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data, where };
  throw new ConfigError(
    describeIssues(result.error.issues, schema, input)
      .map(({ path, key, message }) => ({ file, ...where(path, key), path: formatPath(path), message }))
      .toSorted((a, b) => a.line - b.line || a.column - b.column),
  );
}

/** "sites[2].name" */
export function formatPath(path: ConfigPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}

function formatProblem({ file, line, column, path, message }: ConfigProblem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}

function yamlMessage(code: string, message: string, at: string): string {
  if (code === 'DUPLICATE_KEY') {
    const key = at.split(/[:\n]/, 1)[0]?.trim() ?? '';
    return `the key${key === '' ? '' : ` "${key}"`} stands here a second time: remove one of the two`;
  }
  if (code === 'TAB_AS_INDENT') return 'a tab is used as indentation: use spaces';
  if (code === 'MULTIPLE_DOCS')
    return 'a second document begins here ("---"): write one document in each file';
  if (code === 'TAG_RESOLVE_FAILED') return `${message}: tags are not used in these files`;
  return `not valid YAML: ${message}`;
}

/** Offset of the value at `path` (or of its key), or of the last part that exists. */
function offsetOf(document: Document, path: ConfigPath, ofKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === String(part));
      if (pair === undefined) return offset;
      node = pair.value;
      const last = index === path.length - 1;
      offset = (last && ofKey ? undefined : startOf(node)) ?? startOf(pair.key) ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
