/** Text of strangers in every place where the program takes it, followed to every place where the program shows it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FindingJson, ServiceJson } from '../../src/report/json-schema.ts';
import { strictParse } from '../report/strict-parse.ts';
import type { Listening } from '../servers/listening.ts';
import { CHROMIUM, misdeeds } from './browser.ts';
import { runChild, type ChildResult } from './child.ts';
import { CONTROLS } from './controls.ts';
import { writeOrganisation } from './organisation.ts';
import { PAYLOADS } from './payloads.ts';
import { journalUnder, newestRun } from './runs.ts';
import { TEXT_SERVERS } from './text-servers.ts';

const PROTOCOLS: Readonly<Record<number, string>> = {
  21: 'ftp',
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  80: 'http',
  110: 'pop3',
  143: 'imap',
  443: 'https',
  3306: 'mysql',
  3389: 'rdp',
  5900: 'vnc',
  7777: 'unknown',
};

let folder = '';
let reports = '';
let servers: Listening[] = [];
let scan: ChildResult;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-hostile-text-'));
  reports = join(folder, 'reports');
  const starting = PAYLOADS.flatMap((payload, at) =>
    Object.entries(TEXT_SERVERS).map(([port, start]) =>
      start({ host: `127.88.0.${at + 1}`, port: Number(port) }, payload),
    ),
  );
  servers = await Promise.all(starting);
  const file = writeOrganisation(folder, {
    ranges: ['127.88.0.0/28'],
    ports: Object.keys(TEXT_SERVERS).map(Number),
    probe: ', answer-timeout-ms: 1500',
  });
  scan = await child('scan', file, '--json', '--log-file', join(folder, 'log.jsonl'));
}, 58_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

function child(...argv: string[]): Promise<ChildResult> {
  return runChild([...argv, '--reports', reports], { folder });
}

const read = (name: string): string => readFileSync(join(newestRun(reports), name), 'utf8');

describe('hostile text', () => {
  it('is taken in: every server is known by its protocol, and nothing went wrong', async () => {
    expect(scan.uncaught).toEqual([]);
    expect([scan.code, scan.stderr]).toEqual([20, expect.stringContaining('probe: complete')]);
    const { observations, complete } = await journalUnder(reports);
    expect(complete).toBe(true);
    expect(observations.length).toBe(PAYLOADS.length * Object.keys(TEXT_SERVERS).length);
    const long = `127.88.0.${PAYLOADS.findIndex(({ name }) => name === 'long') + 1}`;
    for (const { address, port, protocol, status } of observations) {
      // A greeting of a megabyte is no reply of SMTP any more.
      const expected = address === long && port === 25 ? 'protocol-error' : 'open';
      expect(`${address}:${port} ${protocol} ${status}`).toBe(
        `${address}:${port} ${PROTOCOLS[port]} ${expected}`,
      );
    }
  });

  it('reaches the facts, so that the tests below look at something', async () => {
    const { observations } = await journalUnder(reports);
    const facts = (at: number, port: number): string =>
      JSON.stringify(
        observations.find((one) => one.address === `127.88.0.${at + 1}` && one.port === port)?.facts,
      );
    const script = PAYLOADS.findIndex(({ name }) => name === 'script');
    for (const port of Object.keys(PROTOCOLS).map(Number))
      expect(facts(script, port), String(port)).toContain('<script>alert(1)</script>');
    expect(facts(script, 443)).toContain('"names":["<script>alert(1)</script>"');
    expect(facts(script, 3389)).toContain('"computerName":"<script>alert(1)</script>');
  });

  it.each(['ja', 'en'])('is text in the report (%s) and nothing else', (lang) => {
    const page = read(`report.${lang}.html`);
    const names = new Set(strictParse(page).map(({ name }) => name));
    for (const name of ['script', 'img', 'i', 'textarea', 'iframe']) expect(names).not.toContain(name);
    expect(page).not.toMatch(CONTROLS);
    expect(page).toContain('&lt;script');
  });

  it.skipIf(!existsSync(CHROMIUM)).each(['ja', 'en'])(
    'does nothing in a browser with JavaScript on (%s)',
    async (lang) => {
      expect(await misdeeds(join(newestRun(reports), `report.${lang}.html`))).toEqual([]);
    },
  );

  it('cannot steer a terminal from the text forms, the log or stderr', () => {
    const texts = ['ja', 'en'].flatMap((lang) =>
      ['txt', 'md', 'weekly.txt'].map((form) => read(`report.${lang}.${form}`)),
    );
    for (const text of [...texts, readFileSync(join(folder, 'log.jsonl'), 'utf8'), scan.stderr, scan.stdout])
      expect(text).not.toMatch(CONTROLS);
  });

  it('cannot add a header to the weekly mail', () => {
    for (const lang of ['ja', 'en']) {
      const [subject = '', second] = read(`report.${lang}.weekly.txt`).split('\n');
      expect(subject.length).toBeGreaterThan(10);
      expect(second).toBe('');
      expect(read(`report.${lang}.weekly.txt`)).not.toMatch(/^bcc:/im);
    }
  });

  it.each(['services', 'findings'])('keeps the table of %s to one clean line each', async (command) => {
    const { stdout, code } = await child(command);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(CONTROLS);
    expect(stdout.trimEnd().split('\n').length).toBe(PAYLOADS.length * Object.keys(TEXT_SERVERS).length);
  });

  it.each([
    ['services', ServiceJson],
    ['findings', FindingJson],
  ] as const)(
    'gives one object a line for %s, whatever a reader takes for a line',
    async (command, schema) => {
      const { stdout } = await child(command, '--json');
      expect(stdout).not.toMatch(CONTROLS);
      // oxlint-disable-next-line no-control-regex -- line ends of other languages
      const lines = stdout.trimEnd().split(/\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/);
      expect(lines.length).toBe(PAYLOADS.length * Object.keys(TEXT_SERVERS).length);
      const objects = lines.map((line) => schema.parse(JSON.parse(line)));
      // Escaped, not changed.
      if (command === 'services') expect(JSON.stringify(objects)).toContain('evil\u202egnp.exe');
    },
  );
});
