import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { runCommand, type Ended } from './command.ts';

/** The built command; another build can be named to compare two. */
export const MAIN = process.env['SEKISHO_MAIN'] ?? resolve(import.meta.dirname, '../../../dist/main.js');

export interface OrganisationParts {
  readonly id?: string;
  readonly sites: readonly {
    id: string;
    ranges?: readonly string[];
    hosts?: readonly string[];
    kind?: string;
    country?: string;
  }[];
  readonly exclusions?: readonly string[];
  readonly probe?: Readonly<Record<string, unknown>>;
  readonly shodan?: Readonly<Record<string, unknown>>;
  readonly internetdb?: Readonly<Record<string, unknown>>;
  readonly imports?: readonly Readonly<Record<string, unknown>>[];
  readonly observe?: Readonly<Record<string, unknown>>;
  readonly expected?: readonly Readonly<Record<string, unknown>>[];
}

/** A folder of its own for one test: the organisation file and the reports. */
export interface Workplace {
  readonly folder: string;
  readonly organisationFile: string;
  readonly reports: string;
  writeOrganisation(parts: OrganisationParts): void;
  remove(): void;
}

export function createWorkplace(): Workplace {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is not there: run "npm run build" first`);
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-real-'));
  const organisationFile = join(folder, 'organisation.yaml');
  const reports = join(folder, 'reports');
  mkdirSync(reports);
  return {
    folder,
    organisationFile,
    reports,
    writeOrganisation: (parts) => writeFileSync(organisationFile, organisationText(parts)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function organisationText(parts: OrganisationParts): string {
  return stringify({
    organisation: { id: parts.id ?? 'real-test', name: { ja: '試験', en: 'Test' } },
    timezone: 'Asia/Tokyo',
    languages: ['en'],
    sites: parts.sites.map((site) => ({
      id: site.id,
      name: { ja: site.id, en: site.id },
      country: site.country ?? 'JP',
      kind: site.kind ?? 'headquarters',
      ranges: site.ranges ?? [],
      hosts: site.hosts ?? [],
    })),
    exclusions: parts.exclusions ?? [],
    permission: { by: 'test', reference: 'test', 'valid-until': nextYear() },
    expected: parts.expected ?? [],
    probe: parts.probe ?? {},
    shodan: parts.shodan ?? { use: 'no' },
    internetdb: parts.internetdb ?? { use: false },
    imports: parts.imports ?? [],
    observe: parts.observe ?? {},
  });
}

function nextYear(): string {
  return `${new Date().getUTCFullYear() + 1}-06-30`;
}

export interface CallOptions {
  /** argv → argv, e.g. to run inside a namespace. */
  readonly wrap?: (argv: readonly string[]) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Receives the process, for tests that kill it. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the built command as a user would. No key of the surroundings reaches it. */
export function sekisho(args: readonly string[], options: CallOptions = {}): Promise<Ended> {
  const argv = [process.execPath, MAIN, ...args];
  const { SHODAN_API_KEY: _key, SHODAN_API_URL: _url, ...env } = process.env;
  return runCommand(options.wrap?.(argv) ?? argv, {
    env: { ...env, NO_COLOR: '1', ...options.env },
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    ...(options.onStart !== undefined && { onStart: options.onStart }),
  });
}

export function scan(
  work: Workplace,
  args: readonly string[] = [],
  options: CallOptions = {},
): Promise<Ended> {
  return sekisho(['scan', work.organisationFile, '--reports', work.reports, ...args], options);
}

export type JsonLine = Record<string, unknown>;

/** Lines of `sekisho services --json` or `sekisho findings --json` of the newest run. @throws Error when the command fails */
export async function listJson(work: Workplace, what: 'services' | 'findings'): Promise<JsonLine[]> {
  const ended = await sekisho([what, '--json', '--reports', work.reports]);
  if (ended.code !== 0) throw new Error(`sekisho ${what}: exit ${ended.code}\n${ended.stderr}`);
  return ended.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonLine);
}
