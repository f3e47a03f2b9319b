import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildCompiled, loadKnowledge } from '../../src/knowledge/load.ts';
import { AppError } from '../../src/lib/app-error.ts';
import { ConfigError, parseStrictYaml } from '../../src/lib/strict-yaml.ts';
import { createMatcher } from '../../src/identify/match/match.ts';
import { readSamples } from './samples.ts';
import { Product } from '../../src/model/product.ts';
import { ServiceClass } from '../../src/model/service-class.ts';
import { CONFIG, knowledge } from './knowledge.ts';

describe('the knowledge as shipped', () => {
  it('has names and advice for every class in both languages', () => {
    for (const of of ServiceClass.options) {
      expect(knowledge.classes[of].name.ja).not.toBe('');
      expect(knowledge.advice.get(of)?.name).toEqual(knowledge.classes[of].name);
    }
    const texts = JSON.stringify([...knowledge.advice.values(), knowledge.commonAdvice, knowledge.classes]);
    const japanese = [...texts.matchAll(/"ja":"([^"]*)"/g)].map(([, text]) => text ?? '');
    const english = [...texts.matchAll(/"en":"([^"]*)"/g)].map(([, text]) => text ?? '');
    expect(japanese.length).toBe(english.length);
    expect(japanese.length).toBeGreaterThan(300);
    expect(english.filter((text) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(text))).toEqual([]);
    const latinOnly = japanese.filter((text) => !/[\u3040-\u30ff\u4e00-\u9fff]/.test(text));
    expect([...new Set(latinOnly)].toSorted()).toEqual([
      'CMS',
      'IPsec',
      'IPsec VPN（IKE）',
      'SSH',
      'SSL-VPN',
      'Telnet',
      'VNC',
    ]);
  });

  it('counts control of a device or desk as a door', () => {
    const controls = ServiceClass.options.filter((of) => knowledge.classes[of].control);
    expect(controls).toContain('rdp');
    expect(controls).toContain('appliance-admin');
    for (const of of controls) expect(knowledge.classes[of].role).toBe('door');
  });

  it('has three port profiles, each within the next', () => {
    const { small = [], standard = [], deep = [] } = knowledge.ports;
    expect(small.length).toBe(25);
    expect(standard.length).toBeGreaterThanOrEqual(100);
    expect(standard.length).toBeLessThanOrEqual(160);
    expect(deep.length).toBe(65_535);
    for (const port of small) expect(standard).toContain(port);
    for (const port of [22, 23, 443, 445, 3389, 5900, 10443]) expect(small).toContain(port);
  });

  it('says how old it is', () => {
    expect(knowledge.version).toMatch(/^20\d\d\.\d{1,2}\.\d{1,2}-[0-9a-f]{8}$/);
    expect(knowledge.advisoryData).toMatch(/^20\d\d-\d\d-\d\d$/);
  });
});

describe('loadKnowledge', () => {
  let directory = '';
  const path = (name: string): string => join(directory, name);
  const change = (name: string, edit: (text: string) => string): void => {
    writeFileSync(path(name), edit(readFileSync(path(name), 'utf8')));
  };
  const problems = (): string[] => {
    try {
      loadKnowledge(directory);
    } catch (error) {
      if (error instanceof ConfigError) {
        return error.problems.map(
          ({ file, line, column, path: at, message }) =>
            `${file.slice(file.lastIndexOf('/') + 1)}:${line}:${column} ${at}: ${message}`,
        );
      }
      throw error;
    }
    return [];
  };
  const NGINX = 'products/web/nginx.yaml';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sekisho-knowledge-'));
    for (const name of ['classes.yaml', 'ports.yaml', 'advisory-data.yaml', 'rules', 'advice']) {
      cpSync(join(CONFIG, name), path(name), { recursive: true });
    }
    cpSync(join(import.meta.dirname, 'fixture'), directory, { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('reads a directory, and the same files give the same version', () => {
    const first = loadKnowledge(directory);
    expect([...first.products.keys()]).toEqual(['apache-httpd', 'nginx']);
    expect(loadKnowledge(directory).version).toBe(first.version);
    change(NGINX, (text) => `${text}\n# a remark\n`);
    expect(loadKnowledge(directory).version).not.toBe(first.version);
  });

  it('takes the newest date of the list when no date of its own is given', () => {
    rmSync(path('advisory-data.yaml'));
    const exploited =
      'exploited:\n  - { cve: CVE-2026-1234, kev: 2026-03-05, source: remembered }\nexamples:\n';
    change(NGINX, (text) => text.replace('examples:\n', exploited));
    const loaded = loadKnowledge(directory);
    expect(loaded.advisoryData).toBe('2026-03-05');
    expect(loaded.version).toMatch(/^2026\.3\.5-/);
  });

  it('names file, line and column of every mistake in every file', () => {
    change(NGINX, (text) =>
      text.replace('strength: strong', 'strenght: strong').replace("'^nginx$'", "'^nginx('"),
    );
    change('classes.yaml', (text) => text.replace('role: door', 'role: gate'));
    const found = problems();
    expect(found).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^nginx\.yaml:\d+:5 facts\[0\]\.strenght: unknown key .*did you mean "strength"/,
        ),
        expect.stringMatching(
          /^nginx\.yaml:\d+:\d+ facts\[0\]\.strength: missing; write one of: strong, medium, weak/,
        ),
        expect.stringMatching(/^nginx\.yaml:\d+:\d+ facts\[1\]\.passive\.product: not a regular expression/),
        expect.stringMatching(/^classes\.yaml:\d+:\d+ rdp\.role: "gate" is not allowed.*door, window, other/),
      ]),
    );
  });

  it('wants file name, folder, id and class to agree', () => {
    renameSync(path(NGINX), path('products/web/engine-x.yaml'));
    change('products/web/apache-httpd.yaml', (text) => text.replace('class: web', 'class: cms'));
    expect(problems()).toEqual([
      expect.stringContaining('class: the file lies in web/: move it to cms/, or make the class web'),
      expect.stringContaining('id: the file must be called nginx.yaml, or the id engine-x'),
    ]);
  });

  it.each([
    [
      'a fact without a condition',
      /http: \{ header: \{ Server: '\^nginx.*\} \}/,
      'http: {}',
      'facts[0]: the fact has no condition',
    ],
    [
      'a maker written another way',
      'vendor: nginx project (F5)',
      'vendor: NGINX Inc.',
      'NGINX Inc. is not in vendors.yaml',
    ],
    [
      'a fact id used twice',
      'id: passive-name',
      'id: server',
      'facts[1].id: the id server stands here a second time',
    ],
    ['a look-alike that is missing', /expect: none/g, 'expect: confirmed', 'at least one look-alike'],
    [
      'an unknown neighbour',
      'generic: true',
      'generic: true\nsame-from-outside: [engine-y]',
      'there is no other product engine-y',
    ],
    [
      'a reader of two places',
      'passive: version',
      'passive: version\n    ssh: banner',
      'version[1]: give exactly one of',
    ],
    ['a header to read without its name', 'header: Server, in: header', 'in: header', 'missing: header'],
    [
      'a request that is no path',
      'generic: true',
      'requests: [{ path: "nginx", when: always }]',
      'requests[0].path',
    ],
  ])('refuses %s', (_what, from, to, message) => {
    change(NGINX, (text) => {
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      return changed;
    });
    expect(problems().join('\n')).toContain(message);
  });

  it('refuses a class without advice, a language left out and a class left out', () => {
    rmSync(path('advice/telnet.yaml'));
    change('advice/ssh.yaml', (text) => text.replace(/\n {2}en: [^\n]+/, ''));
    change('classes.yaml', (text) => text.replace(/\nweb:\n(?: [^\n]*\n)+/, '\n'));
    const found = problems().join('\n');
    expect(found).toMatch(/telnet\.yaml:1:1 : the file is missing: .*install sekisho again/);
    expect(found).toMatch(/ssh\.yaml:\d+:\d+ name\.en: missing: write text here/);
    expect(found).toMatch(/classes\.yaml:\d+:\d+ web: missing/);
  });

  it('refuses a port that is none and a profile that is not there', () => {
    change('ports.yaml', (text) =>
      text.replace('- 21 #', '- 70000 #').replace('include: small', 'include: smal'),
    );
    const found = problems().join('\n');
    expect(found).toMatch(/ports\.yaml:\d+:\d+ profiles\.small\.ports\[0\]/);
    expect(problems()).not.toEqual([]);
    change('ports.yaml', (text) => text.replace('- 70000 #', '- 21 #'));
    expect(problems().join('\n')).toMatch(
      /profiles\.standard\.include: there is no profile smal above this one/,
    );
  });

  it('refuses advice that belongs to no class', () => {
    cpSync(path('advice/ssh.yaml'), path('advice/shs.yaml'));
    expect(problems().join('\n')).toMatch(/shs\.yaml:1:1 : advice for no class; the classes are rdp, vnc/);
  });

  it('answers from the copy of the build only while the files are those it was made from', () => {
    const compiled = path('compiled.json');
    writeFileSync(compiled, buildCompiled(directory));
    const checked = loadKnowledge(directory, path('none.json'));
    expect(loadKnowledge(directory, compiled)).toEqual(checked);
    change('compiled.json', (text) => text.replace('"nginx project (F5)"', '"from the copy"'));
    expect(loadKnowledge(directory, compiled).products.get('nginx')?.vendor).toBe('from the copy');
    change(NGINX, (text) => `${text}# changed\n`);
    expect(loadKnowledge(directory, compiled).products.get('nginx')?.vendor).toBe('nginx project (F5)');
    writeFileSync(compiled, '{"digest":');
    expect(loadKnowledge(directory, compiled).products.size).toBe(2);
  });

  it('says which directory is missing', () => {
    expect(() => loadKnowledge(path('nowhere'))).toThrow(AppError);
    expect(() => loadKnowledge(path('nowhere'))).toThrow(/give the directory that holds products/);
  });
});

describe('config/README.md', () => {
  it('shows an example that works', () => {
    const readme = readFileSync(join(CONFIG, 'README.md'), 'utf8');
    const text = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const { value } = parseStrictYaml(text, 'README.md', Product);
    const matcher = createMatcher([value]);
    expect(value.examples).toHaveLength(3);
    for (const { samples, expect: expected, version } of value.examples) {
      const answers = readSamples(samples);
      expect(matcher.match(answers)[0]?.certainty ?? 'none').toBe(expected);
      const read = matcher.readVersion(value.id, answers);
      expect(read.state === 'known' ? read.value : undefined).toBe(version);
    }
  });
});
