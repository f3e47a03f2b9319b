import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FindingJson, ServiceJson } from '../../src/report/json-schema.ts';
import { serve, type TestServer } from '../observe/probe/loopback.ts';
import { sekisho } from './command.ts';

let folder = '';
let servers: TestServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-cli-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function smtp(host: string, port = 0): Promise<TestServer> {
  const server = await serve(
    (socket) => {
      socket.write('220 mail.example.jp ESMTP Postfix\r\n');
      socket.on('data', () => socket.write('250 ok\r\n'));
    },
    host,
    port,
  );
  servers.push(server);
  return server;
}

function organisation(ports: readonly number[], over: { permission?: string; more?: string } = {}): string {
  const file = join(folder, 'org.yaml');
  const permission =
    over.permission ?? 'permission: { by: director, reference: "1", valid-until: 2099-01-01 }';
  writeFileSync(
    file,
    `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [127.87.0.0/30] }
${permission}
probe: { ports: "${ports.join(',')}", rate: 2000, connect-timeout-ms: 300, answer-timeout-ms: 500 }
shodan: { use: no }
${over.more ?? ''}`,
  );
  return file;
}

const scan = (file: string, ...more: string[]) =>
  sekisho(['scan', file, '--reports', join(folder, 'reports'), ...more]);
const list = (command: string) => sekisho([command, '--json', '--reports', join(folder, 'reports')]);
const lines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));

describe('cli', () => {
  it('refuses an unknown flag and suggests the right one: nothing is sent', async () => {
    const server = await smtp('127.87.0.1');
    const { code, stderr } = await scan(organisation([server.port]), '--pasive');
    expect(code).toBe(2);
    expect(stderr).toContain('--passive');
    expect(server.connections()).toBe(0);
  });

  it('tells what is wrong with file, line and column, and exits 2', async () => {
    const file = organisation([25], { more: 'exclusion: [127.87.0.1]\n' });
    const { code, stderr } = await scan(file);
    expect(code).toBe(2);
    expect(stderr).toMatch(/org\.yaml:7:1: .*exclusion.*exclusions/);
  });

  it('says what to do when there is no organisation file', async () => {
    const { code, stderr } = await scan(join(folder, 'none.yaml'));
    expect(code).toBe(2);
    expect(stderr).toContain('sekisho init');
  });

  it('refuses to probe when the permission has ended, at the place of the date; a passive run goes on', async () => {
    const server = await smtp('127.87.0.1');
    const file = organisation([server.port], {
      permission: 'permission: { by: a, reference: b, valid-until: 2020-01-01 }',
    });
    const { code, stderr } = await scan(file);
    expect(code).toBe(2);
    expect(stderr).toMatch(/org\.yaml:4:\d+: permission: the permission ended on 2020-01-01/);
    const passive = await scan(file, '--passive', '--json');
    // No key, no files: nothing was looked at.
    expect(passive.code).toBe(30);
    expect(JSON.parse(passive.stdout)).toMatchObject({
      coverage: [
        { source: 'internetdb', state: 'off' },
        { source: 'probe', state: 'off', reason: 'passive' },
        { source: 'shodan' },
      ],
    });
    expect(server.connections()).toBe(0);
  });

  it('writes an organisation file once and never over another', async () => {
    const file = join(folder, 'mine.yaml');
    expect((await sekisho(['init', file])).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await sekisho(['check', file])).code).toBe(0);
    writeFileSync(file, 'mine');
    expect((await sekisho(['init', file])).code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('prints a dry run without sending a packet or making a folder', async () => {
    const server = await smtp('127.87.0.1');
    const { code, stdout } = await scan(organisation([server.port]), '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('4 places; 4 to 8 SYN packets');
    expect(stdout).toContain('director');
    expect(server.connections()).toBe(0);
    expect(existsSync(join(folder, 'reports'))).toBe(false);
  });

  it('scans, keeps everything private, and prints services and findings by their published schemas', async () => {
    const server = await smtp('127.87.0.1');
    const first = await scan(organisation([server.port]), '--json');
    expect([10, 20]).toContain(first.code);
    const { directory, files } = z
      .object({ directory: z.string(), files: z.array(z.string()) })
      .parse(JSON.parse(first.stdout));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory))
      expect(statSync(join(directory, name)).mode & 0o777, name).toBe(0o600);
    expect(files.map((file) => file.slice(directory.length + 1)).toSorted()).toEqual(
      ['ja', 'en']
        .flatMap((lang) => [
          ...['small', 'full', 'rescuer', 'director'].map((name) => `${name}.${lang}.html`),
          `full.${lang}.md`,
          `weekly.${lang}.txt`,
          `sheets.${lang}.xlsx`,
        ])
        .toSorted(),
    );
    const services = lines((await list('services')).stdout).map((line) => ServiceJson.parse(line));
    expect(services).toMatchObject([
      { address: '127.87.0.1', port: server.port, protocol: 'smtp', product: { id: 'postfix' } },
    ]);
    const findings = lines((await list('findings')).stdout).map((line) => FindingJson.parse(line));
    expect(findings).toMatchObject([{ spokenId: 'B-01', address: '127.87.0.1' }]);
  });

  it('finds no change in an unchanged boundary, not seen first, closed after the second look, re-opened after that', async () => {
    const server = await smtp('127.87.0.1');
    const file = organisation([server.port, 9]);
    await scan(file);
    const changes = async (): Promise<{ code: number; changes: unknown }> => {
      const { code, stdout } = await scan(file, '--json');
      return {
        code,
        changes: z.object({ changes: z.record(z.string(), z.number()) }).parse(JSON.parse(stdout)).changes,
      };
    };
    expect(await changes()).toEqual({ code: 0, changes: {} });
    await server.close();
    expect(await changes()).toEqual({ code: 10, changes: { 'not-seen': 1 } });
    expect(await changes()).toEqual({ code: 10, changes: { closed: 1 } });
    expect(await changes()).toEqual({ code: 0, changes: {} });
    await smtp('127.87.0.1', server.port);
    expect(await changes()).toEqual({ code: 10, changes: { 're-opened': 1 } });
  });

  it('closes nothing and exits 30 when a source that was asked for is dead', async () => {
    const server = await smtp('127.87.0.1');
    const file = organisation([server.port]);
    await scan(file);
    writeFileSync(file, readFileSync(file, 'utf8').replace('use: no', 'use: yes'));
    const { code, stdout } = await scan(file, '--json');
    expect(code).toBe(30);
    expect(JSON.parse(stdout)).toMatchObject({ changes: {} });
  });

  it('renders and judges an old run again without a packet', async () => {
    const server = await smtp('127.87.0.1');
    await scan(organisation([server.port]));
    const before = server.connections();
    const html = await sekisho([
      'report',
      '--reports',
      join(folder, 'reports'),
      '--format',
      'html',
      '--lang',
      'en',
    ]);
    expect(html.stdout).toContain('<!doctype html>');
    expect((await sekisho(['assess', '--reports', join(folder, 'reports')])).code).toBe(0);
    expect(server.connections()).toBe(before);
    const [organisationFolder = ''] = readdirSync(join(folder, 'reports'));
    const run =
      readdirSync(join(folder, 'reports', organisationFolder)).find((name) => name.startsWith('2')) ?? '';
    const at = (name: string): string =>
      readFileSync(join(folder, 'reports', organisationFolder, run, name), 'utf8');
    expect(at('assessed/snapshot.json')).toBe(at('snapshot.json'));
  });

  it('lists open ports with --discover-only and leaves no run behind', async () => {
    const server = await smtp('127.87.0.1');
    const { code, stdout } = await scan(organisation([server.port, 9]), '--discover-only');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `127.87.0.1 ${server.port}` });
    expect(existsSync(join(folder, 'reports'))).toBe(false);
  });

  it('looks at one place again with --only, and refuses one out of scope', async () => {
    const server = await smtp('127.87.0.1');
    const file = organisation([9]);
    expect((await scan(file, '--only', `127.87.0.1:${server.port}`)).code).not.toBe(2);
    expect(lines((await list('services')).stdout)).toMatchObject([{ port: server.port }]);
    const outside = await scan(file, '--only', '127.86.0.1:25');
    expect(outside.code).toBe(2);
    expect(outside.stderr).toContain('in no range');
    expect((await scan(file, '--only', '127.87.0.1:99999')).code).toBe(2);
  });

  it('keeps the Shodan key out of everything it writes', async () => {
    const key = 'S3CRETKEYS3CRETKEYS3CRETKEY1234';
    const file = organisation([9], { more: '' });
    writeFileSync(file, readFileSync(file, 'utf8').replace('use: no', 'use: yes'));
    const log = join(folder, 'log.jsonl');
    // A server that throws the key back at us, in header and body.
    const echo = await serve((socket) => {
      const body = `<html>401 Unauthorized: ${key}</html>`;
      socket.on('data', () =>
        socket.end(`HTTP/1.1 401 ${key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
      );
    });
    servers.push(echo);
    const { stdout, stderr, code } = await sekisho(
      ['scan', file, '--reports', join(folder, 'reports'), '--json', '--log-file', log, '--passive'],
      {
        SHODAN_API_KEY: key,
        SHODAN_API_URL: `http://127.0.0.1:${echo.port}`,
      },
    );
    expect(code).toBe(30);
    const written = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(echo.connections()).toBeGreaterThan(0);
    expect([stdout, stderr, ...written].join('\n')).not.toContain(key);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('reads the key from a file, and says so when that cannot be used', async () => {
    const missing = await scan(organisation([9]), '--shodan-key-file', join(folder, 'nokey'));
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('nokey');
    writeFileSync(join(folder, 'key'), '  \n');
    expect((await scan(organisation([9]), '--shodan-key-file', join(folder, 'key'))).stderr).toContain(
      'empty',
    );
  });

  it('says that a folder cannot be written, without losing the runs there', async () => {
    const server = await smtp('127.87.0.1');
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, 'a file where a folder should be');
    const { code, stderr } = await sekisho(['scan', organisation([server.port]), '--reports', blocked]);
    expect(code).toBe(1);
    expect(stderr).toContain('blocked');
    expect(stderr).not.toContain('    at ');
    chmodSync(blocked, 0o600);
  });

  it('answers a file of nothing but unknown keys at once, and does not print them all', async () => {
    const file = join(folder, 'many.yaml');
    writeFileSync(file, Array.from({ length: 20_000 }, (_, i) => `sitse${i}: 1`).join('\n'));
    const began = performance.now();
    const { code, stderr } = await scan(file);
    expect(code).toBe(2);
    expect(stderr.split('\n').length).toBeLessThan(60);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it('does not take a word of JavaScript for a port profile', async () => {
    for (const word of ['constructor', '__proto__', 'toString']) {
      const { code, stderr } = await scan(organisation([9]), '--ports', word);
      expect(code).toBe(2);
      expect(stderr).toContain('is not a port');
    }
  });

  it('finds runs that were written through a link to a folder', async () => {
    const server = await smtp('127.87.0.1');
    mkdirSync(join(folder, 'elsewhere'));
    mkdirSync(join(folder, 'reports'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'reports', 'kakuu'));
    await scan(organisation([server.port]));
    expect((await sekisho(['runs', '--reports', join(folder, 'reports')])).stdout).toContain('kakuu');
    expect((await scan(organisation([server.port]))).code).toBe(0);
  });

  it('says which lines of a journal are damaged', async () => {
    const server = await smtp('127.87.0.1');
    const first = await scan(organisation([server.port]), '--json');
    const { directory } = z.object({ directory: z.string() }).parse(JSON.parse(first.stdout));
    const journal = join(directory, 'journal.jsonl');
    const bytes = readFileSync(journal);
    bytes[bytes.indexOf('"kind":"observation"')] = 0x7b;
    writeFileSync(journal, bytes);
    const { stderr } = await sekisho(['assess', '--reports', join(folder, 'reports')]);
    expect(stderr).toMatch(/journal is damaged: 1 lines cannot be read \(\d+\)/);
  });

  it('prints JSON Schemas that are the ones kept for editors', async () => {
    const { stdout } = await sekisho(['schema', 'organisation']);
    const kept = readFileSync(new URL('../../config/organisation.schema.json', import.meta.url), 'utf8');
    expect(
      JSON.parse(kept),
      'run: npx sekisho schema organisation > config/organisation.schema.json',
    ).toEqual(JSON.parse(stdout));
    expect((await sekisho(['schema', 'nonsense'])).code).toBe(2);
  });
});
