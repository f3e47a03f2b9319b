/** Text of strangers in every place where the program takes it, followed to every place where the program shows it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import readXlsxFile from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { FindingJson, ServiceJson } from '../../src/report/json-schema.ts';
import { strictParse } from '../report/strict-parse.ts';
import type { Listening } from '../servers/listening.ts';
import { CHROMIUM, misdeeds } from './browser.ts';
import { runChild, type ChildResult } from './child.ts';
import { CONTROLS } from './controls.ts';
import { writeOrganisation } from './organisation.ts';
import { PAYLOADS } from './payloads.ts';
import { filesUnder, journalUnder, newestRun } from './runs.ts';
import { TEXT_SERVERS } from './text-servers.ts';
import { unzip } from './unzip.ts';

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
}, 120_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

function child(...argv: string[]): Promise<ChildResult> {
  return runChild([...argv, '--reports', reports], { folder, limitMs: 110_000 });
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
    const page = read(`full.${lang}.html`);
    const tags = strictParse(page).map(({ name }) => name);
    expect(tags.filter((name) => name === 'script')).toHaveLength(1);
    const names = new Set(tags);
    for (const name of ['img', 'i', 'textarea', 'iframe']) expect(names).not.toContain(name);
    expect(page).not.toMatch(CONTROLS);
    expect(page).toContain('&lt;script');
  });

  it.skipIf(!existsSync(CHROMIUM)).each(['ja', 'en'])(
    'does nothing in a browser with JavaScript on (%s)',
    async (lang) => {
      expect(await misdeeds(join(newestRun(reports), `full.${lang}.html`))).toEqual([]);
    },
  );

  it('cannot steer a terminal from the text forms, the log or stderr', () => {
    const texts = ['ja', 'en'].flatMap((lang) => [`full.${lang}.md`, `weekly.${lang}.txt`].map(read));
    for (const text of [...texts, readFileSync(join(folder, 'log.jsonl'), 'utf8'), scan.stderr, scan.stdout])
      expect(text).not.toMatch(CONTROLS);
  });

  it('cannot add a header to the weekly mail', () => {
    for (const lang of ['ja', 'en']) {
      const [subject = '', second] = read(`weekly.${lang}.txt`).split('\n');
      expect(subject.length).toBeGreaterThan(10);
      expect(second).toBe('');
      expect(read(`weekly.${lang}.txt`)).not.toMatch(/^bcc:/im);
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

  it('is text in every other page and in the list of runs, and nothing else', () => {
    const pages = readdirSync(newestRun(reports)).filter((name) =>
      /^(small|rescuer|director)\..*html$/.test(name),
    );
    expect(pages).toHaveLength(6);
    const lists = ['index.html', 'index.en.html'].map((name) => join(reports, 'kakuu', name));
    for (const path of [...pages.map((name) => join(newestRun(reports), name)), ...lists]) {
      const page = readFileSync(path, 'utf8');
      const tags = strictParse(page).map(({ name }) => name);
      expect(tags.filter((name) => name === 'script').length, path).toBeLessThanOrEqual(1);
      for (const name of ['img', 'i', 'textarea', 'iframe']) expect(tags, path).not.toContain(name);
      expect(page, path).not.toMatch(CONTROLS);
      // The bytes of an answer can be saved; nothing else is a link but places on the page.
      expect(page, path).not.toMatch(/href="(?:javascript:|data:(?!application\/octet-stream;base64,))/i);
    }
  });

  it('names no file', () => {
    for (const name of readdirSync(newestRun(reports))) expect(name).toMatch(/^[a-z]+(\.(ja|en))?\.[a-z]+$/);
  });

  it.each(['ja', 'en'])(
    'is text in every cell of the spreadsheet (%s), never a formula or a link',
    async (lang) => {
      const file = readFileSync(join(newestRun(reports), `sheets.${lang}.xlsx`));
      const parts = unzip(file);
      expect([...parts.keys()]).toContain('xl/workbook.xml');
      for (const [name, xml] of parts) {
        strictXml(name, xml);
        expect(xml, name).not.toMatch(/<f[ >/]|<hyperlink|TargetMode="External"|externalLink/);
      }
      const cells = (await readXlsxFile(file)).flatMap(({ data }) => data.flat()).map(String);
      expect(cells.length).toBeGreaterThan(PAYLOADS.length * 10);
      for (const cell of cells) expect(cell).not.toMatch(CONTROLS);
      expect([...parts.values()].join('')).toContain('&lt;script');
    },
  );

  it('begins no cell of the CSV as a formula', async () => {
    const { stdout, code } = await child('report', '--format', 'csv', '--lang', 'en');
    expect(code).toBe(0);
    const rows: string[][] = parseCsv(stdout, { bom: true });
    expect(rows.length).toBeGreaterThan(PAYLOADS.length * Object.keys(TEXT_SERVERS).length);
    for (const cell of rows.flat()) {
      expect(cell).not.toMatch(/^\s*[=+@\t\r-]./);
      expect(cell).not.toMatch(CONTROLS);
    }
  });

  it.each(['sarif', 'json'])('is escaped in %s', async (format) => {
    const { stdout, code } = await child('report', '--format', format, '--lang', 'en');
    expect(code).toBe(0);
    expect(stdout).not.toMatch(CONTROLS);
    // SARIF names places and rules, and no words of a server.
    if (format === 'json') expect(JSON.stringify(JSON.parse(stdout))).toContain('<script>');
    else expect(() => JSON.parse(stdout)).not.toThrow();
  });

  it('is a comment in the template for answers, which holds no answer', async () => {
    expect((await child('answers')).code).toBe(0);
    const text = read('answers.yaml');
    expect(text).not.toMatch(CONTROLS);
    const { findings, told }: Record<string, Record<string, unknown> | undefined> = parseYaml(text);
    for (const id of Object.keys(findings ?? {})) expect(id).toMatch(/^[A-Z]-\d+$/);
    expect(JSON.stringify([findings, told])).not.toMatch(/script|Bcc|HYPERLINK/i);
    const { stdout, code } = await child('answers', '--check');
    expect([code, stdout]).toEqual([0, expect.stringContaining('It answers: no findings')]);
    rmSync(join(newestRun(reports), 'answers.yaml'));
  });

  it('cannot steer a terminal from what a recheck prints, nor break its line of JSON', async () => {
    const { stdout } = await child('findings', '--json');
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => FindingJson.parse(JSON.parse(line)));
    const ansi = PAYLOADS.findIndex(({ name }) => name === 'ansi') + 1;
    const { spokenId = '' } = found.find(({ subject }) => subject === `127.88.0.${ansi}:443/tcp`) ?? {};
    const file = join(folder, 'org.yaml');
    const told = await child('recheck', spokenId, file, '--lang', 'en');
    expect([told.code, told.stdout]).toEqual([10, expect.stringContaining('it was reached')]);
    expect(told.stdout + told.stderr).not.toMatch(CONTROLS);
    const line = await child('recheck', spokenId, file, '--json');
    expect(line.stdout).not.toMatch(CONTROLS);
    expect(JSON.parse(line.stdout)).toMatchObject({ spokenId, state: 'open' });
  });

  it.each(['GREEN', 'AMBER'])('does no harm in a copy for others (TLP:%s)', async (tlp) => {
    const out = join(folder, `copy-${tlp}`);
    const envelope = tlp === 'AMBER' ? 'victim' : 'technical';
    const { code, stderr } = await child(
      'share',
      '--out',
      out,
      '--yes',
      '--tlp',
      tlp,
      '--envelope',
      envelope,
    );
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(CONTROLS);
    const files = filesUnder(out).map(({ path }) =>
      path.slice(path.indexOf(`copy-${tlp}`) + `copy-${tlp}/`.length),
    );
    expect(files).toContain('desk/mail_en.txt');
    for (const name of files) {
      expect(name).toMatch(/^[A-Za-z0-9_/-]+(\.[a-z]+)?$/);
      // Bytes as they came, for those who can read them.
      if (name.endsWith('.bin')) continue;
      const text = readFileSync(join(out, name), 'utf8');
      // A byte order mark and CRLF are how spreadsheets know a CSV; line ends and tabs of an answer stay as they were.
      expect(text.replace(/^\ufeff/, '').replaceAll(/\r\n|\t/g, '\n'), name).not.toMatch(CONTROLS);
      if (name.endsWith('.json')) expect(() => JSON.parse(text), name).not.toThrow();
      // A mail begins with its subject; nothing else in it may look like a header.
      if (name.startsWith('desk/mail')) expect(text).not.toMatch(/^(?:bcc|cc|to|from|content-type)\s*:/im);
    }
    const rows: string[][] = parseCsv(readFileSync(join(out, 'indicators.csv'), 'utf8'), { bom: true });
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+@\t\r-]./);
  });
});

/** What XML 1.0 does not allow would make a spreadsheet program repair or refuse the file. */
function strictXml(name: string, xml: string): void {
  // oxlint-disable-next-line no-control-regex -- that is what it looks for
  expect(xml, name).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  expect(xml, name).not.toMatch(/&(?!(?:lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);)/i);
  expect(xml.isWellFormed(), name).toBe(true);
}
