/**
 * npm run demo: starts a small boundary on loopback addresses, looks at it with the built command, changes it, looks
 * again, and says where the reports are. Needs Node only; no root, no key, no network.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Listening } from '../servers/listening.ts';
import {
  CLOSED_ID,
  CLOSED_PORTS,
  DOORS,
  EXCLUDED,
  OPENED,
  organisationFile,
  RENEWED_ID,
  startRenewed,
  type Door,
} from './boundary.ts';

const root = resolve(import.meta.dirname, '../..');
const main = join(root, 'dist/main.js');
const reports = join(root, 'reports/demo');
/** Only a folder that an earlier demo made is emptied. */
const marker = join(reports, '.made-by-npm-run-demo');
const organisation = join(reports, 'organisation.yaml');

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const servers = new Map<string, Listening>();
/** Everything ever started, for the account at the end. */
const started: Listening[] = [];
const interrupted = new AbortController();

/** A reason for which the demo cannot run, said without a stack. */
class Impossible extends Error {}

async function demo(): Promise<void> {
  const begun = Date.now();
  prepareFolder();
  say(
    'Starting a small boundary on loopback: a head office (127.66.0.x) and a branch in Taipei (127.66.1.x) …',
  );
  for (const door of [...DOORS, OPENED]) await open(door);
  const places = portsOf([...servers.values()]);
  const ports = [...new Set([...places, ...CLOSED_PORTS])].toSorted((a, b) => a - b);
  await shut(OPENED.id);
  const year = new Date().getUTCFullYear() + 1;
  writeFileSync(
    organisation,
    organisationFile((id) => portOf(id), ports, year),
  );

  say(`\n1. First look: node dist/main.js scan ${relative(root, organisation)}\n`);
  const first = await scan();

  say('\nA week passes: one door opens, one closes, one certificate is replaced …');
  const { host, port } = serverOf(RENEWED_ID);
  await shut(RENEWED_ID);
  await shut(CLOSED_ID);
  keep(RENEWED_ID, await startRenewed({ host, port }));
  await open(OPENED);

  say('\n2. Second look, the same command:\n');
  const second = await scan();
  summarise(first, second, Date.now() - begun);
}

function prepareFolder(): void {
  if (!existsSync(main)) throw new Impossible('dist/main.js is not there: run "npm run build" first.');
  if (existsSync(reports) && !existsSync(marker)) {
    throw new Impossible(`${reports} was not made by the demo: move it away first.`);
  }
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true, mode: 0o700 });
  writeFileSync(marker, 'The demo empties this folder each time it runs.\n');
}

const chosen = new Map<string, number>();

/** Starts a server at its usual port, or above 1024 where the system does not allow that or something else has it. */
async function open({ id, host, port, start }: Door): Promise<void> {
  const usual = chosen.get(id) ?? port;
  for (const candidate of [usual, usual + 10_000, usual + 20_000, usual + 30_000]) {
    try {
      keep(id, await start({ host, port: candidate }));
      chosen.set(id, candidate);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRNOTAVAIL') throw noLoopbackRange();
      if (code !== 'EACCES' && code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Impossible(`No port could be had at ${host} near ${port} for ${id}.`);
}

function noLoopbackRange(): Impossible {
  const hosts = [...new Set([...DOORS, OPENED].map(({ host }) => host))];
  return new Impossible(
    `The demo needs several loopback addresses, and this system has only 127.0.0.1 (macOS and the BSDs do).\n` +
      `Add them until the next restart, and run it again:\n\n  for a in ${hosts.join(' ')}; do sudo ifconfig lo0 alias $a up; done`,
  );
}

function keep(id: string, server: Listening): void {
  servers.set(id, server);
  started.push(server);
}

async function shut(id: string): Promise<void> {
  await servers.get(id)?.close();
  servers.delete(id);
}

function serverOf(id: string): Listening {
  const server = servers.get(id);
  if (server === undefined) throw new Error(`${id} is not running`);
  return server;
}

function portOf(id: string): number {
  return serverOf(id).port;
}

function portsOf(all: readonly Listening[]): number[] {
  return all.map(({ port }) => port);
}

interface RunSummary {
  readonly directory: string;
  readonly services: number;
  readonly priorities: Readonly<Record<string, number>>;
  readonly changes: Readonly<Record<string, number>>;
}

/** Runs the built command as a child, as cron would. Its progress goes to the terminal. */
async function scan(): Promise<RunSummary> {
  const args = ['scan', organisation, '--reports', reports, '--lang', 'ja,en', '--json'];
  const { SHODAN_API_KEY: _unused, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done(status));
  });
  if (interrupted.signal.aborted) throw new Impossible('Stopped.');
  // 0, 10 and 20 tell how much is new; anything else means that the run did not come about as meant.
  if (code !== 0 && code !== 10 && code !== 20) {
    throw new Impossible(`The scan ended with exit code ${code}, see above.`);
  }
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as RunSummary;
}

function summarise(first: RunSummary, second: RunSummary, tookMs: number): void {
  const excluded = servers.get('excluded');
  const accepted = started.reduce((sum, server) => sum + server.accepted(), 0);
  const intrusions = started.flatMap(({ events }) => events);
  const lines = [
    `Two looks at two sites in ${Math.round(tookMs / 1000)} s.`,
    `First run:  ${first.services} services, ${tally(first.priorities)}.`,
    `Second run: ${second.services} services, ${tally(second.priorities)}; changes: ${tally(second.changes)}.`,
    `The servers took ${accepted} connections and saw ${intrusions.length} log-in attempts or changes; the excluded ${EXCLUDED} took ${excluded?.accepted() ?? 0}.`,
    '',
    'Open the small page first (Japanese, English):',
    ...pagesOf(second),
    '',
    `Lists for scripts: npx sekisho findings --json --reports ${relative(root, reports)}`,
    'Next: npx sekisho init, write your own ranges, and npx sekisho scan.',
  ];
  say(`\n${lines.join('\n')}`);
  if (intrusions.length > 0 || (excluded?.accepted() ?? 0) > 0) process.exitCode = 1;
}

/** Who reads what, in the order in which they are read. @throws Impossible when the scan has not written one of them */
const PAGES: readonly (readonly [string, string, string])[] = [
  ['small page: what to do today', 'small.ja.html', 'small.en.html'],
  ['full report', 'full.ja.html', 'full.en.html'],
  ['for those who come to help', 'rescuer.ja.html', 'rescuer.en.html'],
  ['for the management', 'director.ja.html', 'director.en.html'],
  ['weekly mail', 'weekly.ja.txt', 'weekly.en.txt'],
  ['list of all runs', '../index.html', '../index.en.html'],
];

function pagesOf({ directory }: RunSummary): string[] {
  return PAGES.flatMap(([reader, ...names]) => {
    const paths = names.map((name) => join(directory, name));
    const missing = paths.find((path) => !existsSync(path));
    if (missing !== undefined) throw new Impossible(`${missing} was not written.`);
    return [`  ${reader}`, ...paths.map((path) => `    ${relative(root, path)}`)];
  });
}

function tally(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, n]) => `${name} ${n}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

process.on('SIGINT', () => {
  // The terminal sends the signal to the child too; it writes down what it has and ends.
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort();
});

try {
  await demo();
} catch (error) {
  process.stderr.write(`${error instanceof Impossible ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
} finally {
  await Promise.all([...servers.values()].map((server) => server.close()));
}
