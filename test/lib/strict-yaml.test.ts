import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, parseStrictYaml } from '../../src/lib/strict-yaml.ts';
import { editDistance } from '../../src/lib/zod-issues.ts';

const Site = z.strictObject({
  name: z.string(),
  kind: z.enum(['branch', 'headquarters']).default('branch'),
  ranges: z.array(z.union([z.string(), z.strictObject({ from: z.string(), to: z.string() })])).optional(),
  until: z.iso.date().optional(),
});
const File = z.strictObject({ version: z.literal(1), sites: z.array(Site).min(1) });

function problemsOf(text: string, schema: z.ZodType = File): string[] {
  try {
    parseStrictYaml(text, 'org.yaml', schema);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('parseStrictYaml', () => {
  it('gives the value and the place of each part of it', () => {
    const { value, where } = parseStrictYaml('version: 1\nsites:\n  - name: Osaka\n', 'org.yaml', File);
    expect(value).toEqual({ version: 1, sites: [{ name: 'Osaka', kind: 'branch' }] });
    expect(where(['sites', 0, 'name'])).toEqual({ line: 3, column: 11 });
    expect(where(['sites', 0, 'nothing', 'deeper'])).toEqual({ line: 3, column: 5 });
    expect(where([])).toEqual({ line: 1, column: 1 });
  });

  it('keeps dates, country codes and long numbers as they are written', () => {
    const text = 'a: 2026-11-20\nb: NO\nc: "007"\n';
    expect(parseStrictYaml(text, 'x', z.record(z.string(), z.string())).value).toEqual({
      a: '2026-11-20',
      b: 'NO',
      c: '007',
    });
  });

  it('names every problem with its place', () => {
    const text = 'version: 1\nsites:\n  - nmae: Osaka\n    kind: brunch\n    until: tomorrow\n  - name: 7\n';
    expect(problemsOf(text)).toEqual([
      'org.yaml:3:5: sites[0].name: missing: write text here',
      'org.yaml:3:5: sites[0].nmae: unknown key "nmae", did you mean "name"?; allowed here: name, kind, ranges, until',
      'org.yaml:4:11: sites[0].kind: "brunch" is not allowed, did you mean "branch"?; allowed: branch, headquarters',
      'org.yaml:5:12: sites[0].until: expected a date as YYYY-MM-DD, found "tomorrow"',
      'org.yaml:6:11: sites[1].name: expected text, found 7',
    ]);
  });

  it('explains the branch of a union that was meant', () => {
    const text = 'version: 1\nsites:\n  - name: Osaka\n    ranges:\n      - { from: a, too: b }\n      - 5\n';
    expect(problemsOf(text)).toEqual([
      'org.yaml:5:9: sites[0].ranges[0].to: missing: write text here',
      'org.yaml:5:20: sites[0].ranges[0].too: unknown key "too", did you mean "to"?; allowed here: from, to',
      'org.yaml:6:9: sites[0].ranges[1]: expected text or keys and values, found 5',
    ]);
  });

  it.each([
    ['a: 1\na: 2\n', 'org.yaml:2:1: the key "a" stands here a second time: remove one of the two'],
    ['a:\n\t- b\n', 'org.yaml:2:1: a tab is used as indentation: use spaces'],
    ['', 'org.yaml:1:1: the file is empty'],
    ['# nothing\n', 'org.yaml:1:1: the file is empty'],
    [
      'a: 1\n---\nb: 2\n',
      'org.yaml:2:1: a second document begins here ("---"): write one document in each file',
    ],
    ['a: !!js/function x\n', /org\.yaml:1:4: .*tags are not used in these files/],
    ['{', /org\.yaml:1:2: not valid YAML/],
  ])('refuses %j', (text, message) => {
    const problems = problemsOf(text, z.unknown());
    expect(problems).toHaveLength(1);
    if (typeof message === 'string') expect(problems[0]).toBe(message);
    else expect(problems[0]).toMatch(message);
  });

  it('allows an alias and refuses to multiply them', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe'])
      bomb.push(`${name}: &${name} [${`*${of},`.repeat(10)}]`);
    const started = performance.now();
    expect(problemsOf(bomb.join('\n'), z.unknown())[0]).toContain('too many aliases');
    expect(performance.now() - started).toBeLessThan(2000);
    expect(problemsOf('a: &x [1]\nb: *x\n', z.unknown())).toEqual([]);
  });

  it('refuses a file that is too large without parsing it', () => {
    expect(problemsOf('a'.repeat(4_000_001), z.unknown())[0]).toContain('at most 4000000 are read');
  });

  it('does not let a key reach the prototype', () => {
    const { value } = parseStrictYaml(
      '__proto__: { polluted: true }\n',
      'x',
      z.record(z.string(), z.unknown()),
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('carries the problems as data and is an error for the user', () => {
    const error = (() => {
      try {
        parseStrictYaml('version: 2\nsites: []\n', 'org.yaml', File);
      } catch (caught) {
        return caught as ConfigError;
      }
      throw new Error('nothing was thrown');
    })();
    expect(error.code).toBe('config');
    expect(error.problems.map(({ line, path }) => [line, path])).toEqual([
      [1, 'version'],
      [2, 'sites'],
    ]);
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['ab', 'ba', 1],
    ['exlude', 'exclude', 1],
    ['kitten', 'sitting', 3],
  ])('%s → %s: %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it.each(['[', '{a: ', '- ', '? ', ' ', '["]",', "{']': ", '- [', '[\n'])(
    'refuses thousands of %j within each other, which would end the process in the parser',
    (level) => {
      expect(problemsOf(level.repeat(100_000))).toEqual([expect.stringContaining('nested too deeply')]);
    },
  );

  it('names the place at which it is too deep', () => {
    expect(problemsOf(`version: 1\nsites: ${'['.repeat(60)}`)).toEqual([
      'org.yaml:2:58: nested too deeply: write keys and texts as in the example',
    ]);
  });

  it('takes brackets, dashes and spaces in texts for what they are', () => {
    const marks = '[{- ?'.repeat(500);
    const text = `a: '${marks}'\nb: "${marks}"\nc: |\n  ${' '.repeat(900)}${marks}\nd: x # ${marks}\ne: x${'['.repeat(99)}\n`;
    const { value } = parseStrictYaml(text, 'x', z.record(z.string(), z.string()));
    expect(value).toMatchObject({ a: marks, b: marks, e: `x${'['.repeat(99)}` });
  });
});
