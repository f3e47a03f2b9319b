/** The real command, in a process of its own, against a local HTTPS server in place of Shodan. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { JournalEntry } from '../../src/track/journal-entry.ts';
import { Snapshot, type SourceCoverage } from '../../src/model/snapshot.ts';
import { KEY, holdsKey } from '../observe/shodan/setting.ts';
import { startStandIn, type Asked, type Handler } from '../observe/shodan/stand-in.ts';
import { runCommand } from '../real/support/command.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const certificate = join(ROOT, 'test/fixtures/certs/loopback.crt');
const tls = {
  cert: readFileSync(certificate),
  key: readFileSync(join(ROOT, 'test/fixtures/certs/loopback.key')),
};

export interface ShodanRun {
  readonly code: number | null;
  readonly stderr: string;
  readonly log: string;
  readonly asked: readonly Asked[];
  readonly snapshot: Snapshot;
  readonly shodan: SourceCoverage;
  readonly journal: readonly JournalEntry[];
  /** The report as plain text, in English. */
  readonly report: string;
}

/** Settings of one run: the address ranges, and lines of the organisation file under `shodan:`. */
export interface Case {
  /** The built command. */
  readonly main: string;
  readonly range: string;
  readonly shodan?: string;
  readonly handler: Handler;
  /** false: the command does not know the certificate's issuer. */
  readonly trusted?: boolean;
}

/** Runs the command; holds what must hold however Shodan behaves: no trace of the key, and no silence taken for absence. */
export async function scanWithShodan({
  main,
  range,
  shodan = '',
  handler,
  trusted = true,
}: Case): Promise<ShodanRun> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-shodan-'));
  const standIn = await startStandIn(handler, tls);
  try {
    const file = join(folder, 'org.yaml');
    writeFileSync(file, organisation(range, shodan));
    const reports = join(folder, 'reports');
    const words = [
      'scan',
      file,
      '--passive',
      '--json',
      '--reports',
      reports,
      '--log-file',
      join(folder, 'log'),
    ];
    const ended = await runCommand([process.execPath, main, ...words], {
      env: {
        PATH: process.env['PATH'],
        SEKISHO_DATA: join(folder, 'data'),
        SHODAN_API_KEY: KEY,
        SHODAN_API_URL: standIn.origin,
        ...(trusted ? { NODE_EXTRA_CA_CERTS: certificate } : {}),
        // What other programs print keys with.
        DEBUG: '*',
      },
      timeoutMs: 170_000,
    });
    const files = filesUnder(folder);
    expect(holdsKey(ended.stdout, ended.stderr, ...files.keys(), ...files.values())).toBe(false);
    // Other runs with this key see this one, and cannot learn the key from that.
    expect([...files.keys()].some((path) => /\/data\/pace\/shodan-[0-9a-f]{32}\./.test(path))).toBe(true);
    const text = (name: string): string =>
      [...files].find(([path]) => path.endsWith(name))?.[1] ?? `no file ${name}`;
    const snapshot = Snapshot.parse(JSON.parse(text('snapshot.json')));
    const coverage = snapshot.coverage.find(({ source }) => source === 'shodan');
    if (coverage === undefined) throw new Error(ended.stderr);
    expectNoSilence(coverage, ended.code);
    expect(coverage.requests).toBeGreaterThanOrEqual(standIn.asked.length);
    return {
      code: ended.code,
      stderr: ended.stderr,
      log: text('log'),
      asked: standIn.asked,
      snapshot,
      shodan: coverage,
      journal: text('journal.jsonl')
        .trimEnd()
        .split('\n')
        .map((line) => JournalEntry.parse(JSON.parse(line))),
      report: text('full.en.md'),
    };
  } finally {
    await standIn.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every address was looked at, or is listed with the reason why not; and a run with holes does not end like a whole one. */
function expectNoSilence(
  { looked, addresses, notLooked, state, reason }: SourceCoverage,
  code: number | null,
): void {
  const missing = notLooked
    .filter(({ what }) => /^[\d.]+(?:-[\d.]+)?$/.test(what))
    .reduce((sum, { count }) => sum + count, 0);
  expect(looked + missing).toBe(addresses);
  if (looked === addresses) return;
  expect(['failed', 'partial']).toContain(state);
  expect(reason).toBeDefined();
  expect(code).toBe(30);
}

function organisation(range: string, shodan: string): string {
  return `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: ["${range}"] }
shodan: { use: yes, ${shodan} }
`;
}

function filesUnder(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path, readFileSync(path, 'latin1')]));
}
