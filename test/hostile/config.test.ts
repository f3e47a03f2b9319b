/** Organisation files, names and folders that are wrong on purpose: one clear message, exit 2 or 1, nothing written. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sekisho } from '../cli/command.ts';
import { runChild } from './child.ts';
import { CONTROLS } from './controls.ts';
import { writeOrganisation } from './organisation.ts';
import { filesUnder } from './runs.ts';

let folder = '';
let good = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-hostile-config-'));
  good = readFileSync(writeOrganisation(folder, { ranges: ['127.91.0.0/30'], ports: [2525] }), 'utf8');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Ten lists of ten of the list before: 10^9 words. */
const BOMB = [...'abcdefghi']
  .map(
    (name, at, all) =>
      `${name}: &${name} [${Array(10)
        .fill(at === 0 ? 'x' : `*${all[at - 1]}`)
        .join(',')}]\n`,
  )
  .join('');

const withId = (id: string) => (text: string) => text.replace('id: kakuu', `id: ${id}`);

const FILES: Readonly<Record<string, (text: string) => string | Buffer>> = {
  'an alias bomb': (text) => text + BOMB,
  'more than 4 MB': (text) => `${text}#${'x'.repeat(4_100_000)}`,
  'NUL bytes only': () => Buffer.alloc(1000),
  'brackets that never end': (text) => `${text}expected: ${'['.repeat(5000)}\n`,
  'bytes that are no UTF-8': (text) => Buffer.concat([Buffer.from(text), Buffer.from('fffec080', 'hex')]),
  'UTF-16': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  nothing: () => '',
  'a tag that makes code': (text) => `${text}x: !!js/function "process.exit()"\n`,
  'a key named __proto__': (text) => `${text}__proto__: { id: x }\n`,
  'a key with escapes': (text) => `${text}"\\e]0;owned\\a\\u202e\\x9b31mexclusion": [127.0.0.1]\n`,
  'an id that climbs': withId('"../x"'),
  'an id of dots': withId('".."'),
  'an id from the root': withId('"/etc"'),
  'an id with NUL': withId('"a\\0b"'),
  'an id with a line break': withId('"a\\n"'),
  'an id of 300 letters': withId('a'.repeat(300)),
  'an id named __proto__': withId('__proto__'),
  'the whole Internet': (text) => text.replace('127.91.0.0/30', '0.0.0.0/0'),
};

describe('hostile configuration', () => {
  it.each(Object.entries(FILES))('refuses %s', async (_name, change) => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, change(good));
    const before = filesUnder(folder).length;
    const reports = join(folder, 'reports');
    const { code, stdout, stderr } = await sekisho(['scan', file, '--reports', reports]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('bad.yaml:');
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(filesUnder(folder).length).toBe(before);
  });

  it('says all of that without a control character, in the process that people run', async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, FILES['a key with escapes']?.(good) ?? '');
    const wrongKey = await runChild(['check', file], { folder });
    expect(wrongKey.code).toBe(2);
    expect(wrongKey.stderr).toContain('exclusion');
    const wrongName = await runChild(['check', join(folder, 'no\u001b[31m\u009b\u202e.yaml')], { folder });
    expect(wrongName.code).toBe(2);
    const wrongFlag = await runChild(['\u001b]0;owned\u0007'], { folder });
    expect(wrongFlag.code).toBe(2);
    for (const { stderr, uncaught } of [wrongKey, wrongName, wrongFlag]) {
      expect(stderr).not.toMatch(CONTROLS);
      expect(uncaught).toEqual([]);
    }
  });

  it('refuses a folder in place of the file', async () => {
    const { code, stderr } = await sekisho(['scan', folder]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be read')]);
  });

  it.skipIf(process.getuid?.() !== 0)('refuses a file that may not be read', async () => {
    const file = join(folder, 'org.yaml');
    const { code, stderr } = await runChild(['check', '/proc/1/mem'], { folder });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot be read: E[A-Z]+/)]);
    expect(readFileSync(file, 'utf8')).toBe(good);
  });

  it('refuses a file in place of the reports folder, and leaves it', async () => {
    const file = join(folder, 'org.yaml');
    const { code, stderr } = await sekisho(['scan', file, '--reports', file]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/org\.yaml.*(?:not a folder|in the way)/)]);
    expect(readFileSync(file, 'utf8')).toBe(good);
    expect(readdirSync(folder)).toEqual(['org.yaml']);
  });

  it.each([
    ['services', '../../etc'],
    ['services', 'latest', '--org', '../x'],
    ['services', 'latest', '--org', '__proto__'],
    ['report', 'latest', '--format', '__proto__'],
    ['schema', 'constructor'],
    ['scan', '--only', '127.91.0.1:99999999999999999999'],
    ['scan', '--ports', '1-99999999999'],
  ])('refuses %s %s %s', async (...argv) => {
    const [command = '', ...rest] = argv;
    const more = { schema: [], scan: [join(folder, 'org.yaml')] }[command] ?? ['--reports', folder];
    const { code, stdout, stderr } = await sekisho([command, ...rest, ...more]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it('refuses a log file that cannot be written, before anything is sent', async () => {
    const file = join(folder, 'org.yaml');
    const log = join(folder, 'none', 'log.jsonl');
    const { code, stderr } = await sekisho([
      'scan',
      file,
      '--reports',
      join(folder, 'reports'),
      '--log-file',
      log,
    ]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--log-file .* cannot be written: ENOENT/)]);
  });

  it.skipIf(process.platform !== 'linux')(
    'goes on without a log when its disk is full, and says so',
    async () => {
      const argv = [
        'scan',
        join(folder, 'org.yaml'),
        '--reports',
        join(folder, 'reports'),
        '--log-file',
        '/dev/full',
      ];
      const { code, stderr, uncaught } = await runChild(argv, { folder });
      expect([code, uncaught]).toEqual([0, []]);
      expect(stderr.match(/could not be written any more/g)).toHaveLength(1);
      expect(stderr).toContain('probe: complete');
    },
  );

  it('follows a link to the reports folder and writes nowhere else', async () => {
    const real = join(folder, 'real');
    mkdirSync(real);
    symlinkSync(real, join(folder, 'link'));
    const before = filesUnder(folder).filter(({ path }) => !path.startsWith(real)).length;
    const { code } = await sekisho(['scan', join(folder, 'org.yaml'), '--reports', join(folder, 'link')]);
    expect(code).toBe(0);
    expect(filesUnder(folder).filter(({ path }) => !path.startsWith(real)).length).toBe(before);
    expect((await sekisho(['runs', '--reports', join(folder, 'link')])).stdout).toContain('complete');
  });
});
