import type { z } from 'zod';

/** A fault found by zod, in plain words, with the path of the value or, with `key`, of a key. */
export interface DescribedIssue {
  readonly path: (string | number)[];
  readonly key: boolean;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;
type Path = (string | number)[];

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
};

/** Unknown keys named one by one; each is compared with all allowed ones, and a file of nothing else must not take minutes. */
const MOST_KEYS = 50;

/** Turns zod's issues into sentences that say what was expected and, for a slip of the pen, what was probably meant. */
export function describeIssues(
  issues: readonly Issue[],
  schema: z.ZodType,
  input: unknown,
): DescribedIssue[] {
  return issues.flatMap((issue) => describe(issue, [], schema, input));
}

function describe(issue: Issue, prefix: Path, schema: z.ZodType, input: unknown): DescribedIssue[] {
  const path = [...prefix, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  const at = (message: string): DescribedIssue[] => [{ path, key: false, message }];
  const value = valueAt(input, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = [...keysAt(schema, path)];
      return issue.keys.slice(0, MOST_KEYS).map((key) => ({
        path: [...path, key],
        key: true,
        message: `unknown key "${key}"${suggestion(key, allowed)}${listed('allowed here', allowed)}`,
      }));
    }
    case 'invalid_type':
      if (value === undefined) return at(`missing: write ${kind(issue.expected)} here`);
      return at(`expected ${kind(issue.expected)}, found ${shown(value)}`);
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (value === undefined) return at(`missing${listed('write one of', allowed)}`);
      return at(
        `${shown(value)} is not allowed${suggestion(shown(value).replaceAll('"', ''), allowed)}${listed('allowed', allowed)}`,
      );
    }
    case 'invalid_union':
      return describeUnion(issue, path, schema, input);
    case 'invalid_key':
      return [{ path, key: true, message: `the key is not allowed: ${keyReasons(issue)}` }];
    case 'invalid_format':
      // A message of our own tells people more than the pattern.
      if (!issue.message.startsWith('Invalid')) return at(`${shown(value)}: ${issue.message}`);
      if (issue.format === 'regex')
        return at(`${shown(value)} does not have the form ${issue.pattern ?? ''}`);
      if (issue.format === 'date') return at(`expected a date as YYYY-MM-DD, found ${shown(value)}`);
      return at(`${shown(value)}: ${issue.message}`);
    case 'too_small':
      return at(
        value === '' || isEmptyList(value) ? 'must not be empty' : `${shown(value)}: ${issue.message}`,
      );
    case 'custom':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'too_big':
      return at(issue.message);
  }
}

/** The branch that came farthest is the one that was meant; branches that all fail at the root are named together. */
function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  schema: z.ZodType,
  input: unknown,
): DescribedIssue[] {
  const value = valueAt(input, path);
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const deep = branches.filter((branch) => !branch.some((one) => one.path.length === 0 && refusesKind(one)));
  const best = deep.toSorted((a, b) => a.length - b.length)[0];
  if (best !== undefined) return best.flatMap((one) => describe(one, path, schema, input));
  const first = branches[0]?.[0];
  if (branches.length === 1 && first !== undefined) return describe(first, path, schema, input);
  const expected = branches.flat().flatMap((one) => {
    if (one.code === 'invalid_type') return [kind(one.expected)];
    return one.code === 'invalid_value' ? one.values.map((allowed) => `"${String(allowed)}"`) : [];
  });
  const message = expected.length > 0 ? `expected ${[...new Set(expected)].join(' or ')}` : issue.message;
  return [
    {
      path,
      key: false,
      message: value === undefined ? `missing: ${message}` : `${message}, found ${shown(value)}`,
    },
  ];
}

function refusesKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function keyReasons(issue: Extract<Issue, { code: 'invalid_key' }>): string {
  return issue.issues
    .map((one) =>
      one.code === 'invalid_value' ? `allowed: ${one.values.map(String).join(', ')}` : one.message,
    )
    .join('; ');
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function kind(expected: string): string {
  return KINDS[expected] ?? expected;
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys and values';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function listed(label: string, allowed: readonly string[]): string {
  return allowed.length === 0 ? '' : `; ${label}: ${allowed.join(', ')}`;
}

function suggestion(given: string, allowed: readonly string[]): string {
  const [best] = allowed
    .map((word) => ({ word, distance: editDistance(given.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= Math.max(1, Math.floor(Math.min(word.length, 12) / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  return best === undefined ? '' : `, did you mean "${best.word}"?`;
}

/** Levenshtein distance with swaps of neighbours, over at most 64 characters of each. */
export function editDistance(left: string, right: string): number {
  const a = left.slice(0, 64);
  const b = right.slice(0, 64);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** The parts of zod's public `def` that lead to other schemas. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string | number, Schema>>;
  readonly element?: Schema;
  readonly keyType?: { readonly def: { readonly entries?: Readonly<Record<string, unknown>> } };
  readonly valueType?: Schema;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly out?: Schema;
  readonly left?: Schema;
  readonly right?: Schema;
  readonly options?: readonly Schema[];
  readonly getter?: () => Schema;
}
interface Schema {
  readonly def: Definition;
}

/** Keys that the schema allows at a path, over every branch of a union. */
function keysAt(schema: z.ZodType, path: Path): Set<string> {
  let at = unwrap(schema);
  for (const part of path) at = at.flatMap((one) => child(one, part)).flatMap(unwrap);
  return new Set(at.flatMap(({ def }) => Object.keys(def.shape ?? def.keyType?.def.entries ?? {})));
}

function child({ def }: Schema, part: string | number): Schema[] {
  const next = def.shape === undefined ? (def.element ?? def.valueType) : def.shape[part];
  return next === undefined ? [] : [next];
}

/** Takes off optional, default, pipe, lazy and the like; a union gives all its branches. */
function unwrap(schema: Schema): Schema[] {
  const { def } = schema;
  const inner = [def.innerType, def.in, def.out, def.left, def.right, def.getter?.(), ...(def.options ?? [])];
  const known = inner.filter((one) => one !== undefined);
  return known.length > 0 ? known.flatMap(unwrap) : [schema];
}
