import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shareCommand } from '../../src/cli/share.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { SharedBundle } from '../../src/report/share/shared-record.ts';
import { runGolden } from '../golden/golden.ts';
import { storeRun } from '../track/vantage-runs.ts';
import { sekisho } from './command.ts';

let root: string;
let out: string;
let count = 0;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sekisho-share-'));
  const golden = await runGolden();
  const run = await storeRun(root, golden, {
    organisation: 'kakuu-seiki',
    vantage: 'office',
    at: '2026-11-20T01:00:00Z',
  });
  copyFileSync(
    new URL('../golden/second.jsonl', import.meta.url).pathname,
    join(root, 'kakuu-seiki', run.runId, 'journal.jsonl'),
  );
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const share = async (...args: readonly string[]) => {
  out = join(root, `copy-${(count += 1)}`);
  return sekisho(['share', '--reports', root, '--out', out, ...args], { LANG: 'ja_JP.UTF-8' });
};
const bundle = (folder = out): SharedBundle =>
  SharedBundle.parse(JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8')));
const keyPath = (): string => join(root, 'kakuu-seiki', 'share.key');
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('sekisho share', () => {
  it('without --yes and without anybody to ask only tells, and leaves nothing behind, not even a key', async () => {
    const before = readdirSync(root);
    const { code, stdout, stderr } = await share();
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('まだ自組織につながりうるもの');
    expect(stderr).toContain('--yes');
    expect(readdirSync(root)).toEqual(before);
    expect(existsSync(keyPath())).toBe(false);
  });

  it('asks a person, and takes anything but yes for no', async () => {
    const said: string[] = [];
    const terminal = {
      result: () => undefined,
      say: (text: string) => void said.push(text),
      isInteractive: true,
    };
    const folder = join(root, 'asked');
    const options = {
      reports: root,
      out: folder,
      envelope: 'technical',
      tlp: 'GREEN',
      evidence: true,
    } as const;
    for (const answer of ['', 'n', 'maybe']) {
      const code = await shareCommand('latest', options, {
        terminal,
        environment: {},
        ask: async () => answer,
      });
      expect(code).toBe(0);
      expect(existsSync(folder)).toBe(false);
    }
    await shareCommand('latest', options, { terminal, environment: {}, ask: async () => 'y' });
    expect(bundle(folder).tlp).toBe('GREEN');
    expect(said.join('\n')).toContain('What can still point to you');
  });

  it('writes a folder that its owner alone can read, with digests in the form of sha256sum', async () => {
    const { code, stdout, stderr } = await share('--yes');
    expect(stderr).toContain('鍵は手元に残ります');
    expect([code, stdout]).toEqual([0, out]);
    for (const file of files(out)) expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const folder of [out, join(out, 'evidence')]) expect(statSync(folder).mode & 0o777).toBe(0o700);
    // An archive of the folder tells when its files were written.
    for (const path of [out, join(out, 'evidence'), ...files(out)])
      expect(statSync(path).mtime.toISOString(), path).toBe(`${bundle().looked.to}T00:00:00.000Z`);
    const lines = readFileSync(join(out, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(files(out).length - 1);
    // The form of coreutils: digest, two spaces, path.
    for (const line of lines)
      expect(line).toBe(`${sha256Hex(readFileSync(join(out, line.slice(66))))}  ${line.slice(66)}`);
    const listed = lines.map((line) => line.slice(66));
    expect(listed).toEqual(listed.toSorted());
    for (const { sent, received } of bundle().evidence)
      for (const { file } of [sent, received]) if (file !== undefined) expect(listed).toContain(file);
  });

  it('keeps the key at home, and the labels from copy to copy', async () => {
    const key = readFileSync(keyPath(), 'utf8').trim();
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(keyPath()).mode & 0o777).toBe(0o600);
    const first = bundle();
    const { stderr } = await share('--yes', '--findings', first.findings[0]?.id ?? '');
    expect(bundle().findings).toHaveLength(1);
    expect(first.services.map(({ host }) => host)).toContain(bundle().services[0]?.host);
    expect(readFileSync(keyPath(), 'utf8').trim()).toBe(key);
    for (const file of files(out)) expect(readFileSync(file, 'utf8')).not.toContain(key);
    expect(stderr).not.toContain(key);
  });

  it('never writes to what is there', async () => {
    const there = join(root, 'there');
    writeFileSync(there, 'mine');
    const { code, stderr } = await sekisho(['share', '--reports', root, '--out', there, '--yes']);
    expect(code).toBe(2);
    expect(stderr).toContain('left as it is');
    expect(readFileSync(there, 'utf8')).toBe('mine');
  });

  it('gives a desk the run as it is, and the name only when told to', async () => {
    await share('--yes', '--tlp', 'AMBER', '--contact', '06-0000-0000 山田');
    const [text, made] = [readFileSync(join(out, 'README_ja.txt'), 'utf8'), bundle()];
    expect(made.services.every(({ identity }) => identity !== undefined)).toBe(true);
    expect(made.evidence.some(({ received }) => received.state === 'as-is')).toBe(true);
    expect(made.sender.label).toMatch(/^ORG-/);
    expect(made.sender.names).toBeUndefined();
    expect(text).toContain('06-0000-0000 山田');
    expect(text).not.toContain('架空精機');
    await share('--yes', '--tlp', 'AMBER+STRICT', '--name');
    expect(bundle().sender.names?.ja).toBe('架空精機株式会社');
  });

  it.each([
    [['--name'], 'TLP:GREEN'],
    [['--contact', 'me'], '--contact'],
    [['--findings', 'B-99'], 'no finding B-99'],
    [['--findings', ','], 'has no finding'],
    [['--keep-address', '203.0.113.4'], 'one of your own'],
    [['--keep-address', 'evil.example'], 'not an address'],
    [['--tlp', 'RED'], 'CLEAR'],
    [['--envelope', 'all'], 'technical'],
  ])('refuses %j', async (args, text) => {
    const { code, stderr } = await share(...args, '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain(text);
    expect(existsSync(out)).toBe(false);
  });

  it('masks what is suspect in the note, and shows it to the sender alone', async () => {
    const { stderr } = await share(
      '--yes',
      '--note',
      '架空精機の vpn.kakuu.example に 192.0.2.200 から',
      '--keep-address',
      '192.0.2.200',
    );
    expect(bundle().note).toBe('▒▒▒▒の ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ に 192.0.2.200 から');
    expect(bundle().otherParties).toEqual(['192.0.2.200']);
    expect(stderr).toContain('- 架空精機');
  });

  it('tells of a damaged key instead of making another', async () => {
    const key = readFileSync(keyPath(), 'utf8');
    writeFileSync(keyPath(), 'short\n');
    const { code, stderr } = await share('--yes');
    writeFileSync(keyPath(), key);
    expect(code).toBe(1);
    expect(stderr).toContain('damaged');
  });

  it('waits for nobody who might write a key into a pipe', async () => {
    const key = readFileSync(keyPath(), 'utf8');
    rmSync(keyPath());
    execFileSync('mkfifo', [keyPath()]);
    const { code, stderr } = await share('--yes');
    rmSync(keyPath());
    writeFileSync(keyPath(), key, { mode: 0o600 });
    expect([code, stderr]).toEqual([1, expect.stringContaining('share.key is no file')]);
  });

  it('names the folder that was asked for when it cannot be written', async () => {
    const { code, stderr } = await sekisho([
      'share',
      '--reports',
      root,
      '--out',
      `${keyPath()}/copy`,
      '--yes',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain(`Could not write ${keyPath()}/copy: a part of the path is a file`);
    expect(stderr).not.toContain('.tmp');
  });
});
