import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/lib/strict-yaml.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import { IndicatorFile } from '../../src/model/web.ts';
import { knowledge } from './knowledge.ts';

const CONFIG = join(import.meta.dirname, '../../config');
const FILE = 'web-shell-paths.yaml';
const shipped = IndicatorFile.parse(parse(readFileSync(join(CONFIG, FILE), 'utf8')));
const paths = knowledge.indicatorPaths ?? [];

describe('the paths of known campaigns that are shipped', () => {
  it('are all there, each once', () => {
    expect(paths.length).toBe(shipped.campaigns.flatMap((one) => one.paths).length);
    expect(new Set(paths.map(({ id }) => id)).size).toBe(paths.length);
    expect(paths.length).toBeGreaterThan(50);
  });

  it.each(shipped.campaigns.map((one) => [one.id, one] as const))(
    '%s names its source and what it is about',
    (_id, one) => {
      expect(new URL(one.source.url).protocol).toBe('https:');
      expect(one.source.publisher).not.toBe('');
      expect(one.source.date <= '2026-11-21').toBe(true);
      // What is shown is written in both languages, and differs.
      expect(one.about.ja).toMatch(/[ぁ-ん]/);
      expect(one.about.en).toMatch(/^[ -~]+$/);
      expect(one.name.ja).not.toBe('');
      expect(one.name.en).toMatch(/^[ -~]+$/);
      // Nobody is called infected on the strength of a path.
      expect(`${one.about.en} ${one.name.en}`).not.toMatch(/\b(?:you are|is compromised|web shell found)\b/i);
    },
  );

  it('are plain paths: no query, no trick with dots, semicolons or encoded slashes', () => {
    for (const { path } of paths) {
      expect(path).not.toMatch(/[?#;\\]|\/\.\.|%2f|%00|\/\//i);
      expect(path).toMatch(/[^/]$/);
    }
  });

  it('are asked only of products that have a file', () => {
    for (const { products, id } of paths) {
      expect(products.length, id).toBeGreaterThan(0);
      for (const product of products) expect(knowledge.products.has(product), id).toBe(true);
    }
  });

  it('do not fetch a page that shows keys', () => {
    const keys = paths.filter(({ path }) => path.includes('spinstall'));
    expect(keys.length).toBeGreaterThan(0);
    for (const { method } of keys) expect(method).toBe('HEAD');
  });
});

describe('loading them', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sekisho-indicators-'));
    for (const name of ['classes.yaml', 'ports.yaml', 'advisory-data.yaml', 'rules', 'advice'])
      cpSync(join(CONFIG, name), join(directory, name), { recursive: true });
    cpSync(join(import.meta.dirname, 'fixture'), directory, { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const ENTRY = `version: "1"
campaigns:
  - id: example
    name: { ja: 例, en: Example }
    cves: []
    products: [nginx]
    basis: read
    source: { publisher: Example, url: https://example.jp/a, date: "2025-01-01" }
    about: { ja: 例です, en: An example }
    paths: [/a.php, /b.php]
not-asked: []
`;
  const load = (text?: string): string[] => {
    if (text !== undefined) writeFileSync(join(directory, FILE), text);
    try {
      return (loadKnowledge(directory).indicatorPaths ?? []).map(
        ({ id, method, products }) => `${id} ${method} ${products.join()}`,
      );
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
    }
  };

  it('works without the file, and with it', () => {
    expect(load()).toEqual([]);
    expect(load(ENTRY)).toEqual(['example /a.php GET nginx', 'example /b.php GET nginx']);
    expect(load(ENTRY.replace('[nginx]', 'any'))).toEqual(['example /a.php GET ', 'example /b.php GET ']);
  });

  it.each([
    [
      'products: [nginx]',
      'products: [nobody]',
      /^6 campaigns\[0\]\.products\[0\]: there is no product file with the id nobody/,
    ],
    ['/b.php', '/a.php', /^10 campaigns\[0\]\.paths\[1\]: \/a\.php stands here twice/],
    ['https://example.jp/a', 'http://example.jp/a', /source\.url/],
    ['"2025-01-01"', '"last year"', /source\.date/],
    ['/a.php', 'a.php', /begins with/],
    ['/a.php', '"/a b"', /begins with/],
    ['    about: { ja: 例です, en: An example }\n', '', /about/],
    [', en: Example }', ' }', /name/],
    ['basis: read', 'basis: guessed', /basis/],
  ])('names a mistake: %s → %s', (from, to, expected) => {
    const problems = load(ENTRY.replace(from, to));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it('wants each campaign once', () => {
    const twice = ENTRY.replace(
      'not-asked',
      `${ENTRY.slice(ENTRY.indexOf('  - id'), ENTRY.indexOf('not-asked'))}not-asked`,
    );
    expect(load(twice).some((problem) => problem.includes('another campaign has the id example'))).toBe(true);
  });
});
