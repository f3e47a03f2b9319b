import { stat } from 'node:fs/promises';
import { identify } from '../identify/identify.ts';
import { AppError } from '../lib/app-error.ts';
import { jsonLine } from '../lib/hostile-text.ts';
import { formatInstant } from '../lib/time.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Observation, SweepResult } from '../model/observation.ts';
import type { Recheck } from '../model/recheck.ts';
import type { Scope } from '../model/scope.ts';
import { serviceKey, type Service } from '../model/service.ts';
import type { SourceCoverage } from '../model/snapshot.ts';
import { keepsNothing } from '../observe/source.ts';
import { recheckText } from '../report/recheck-text.ts';
import { appearanceOf, differences } from '../track/appearance.ts';
import { openJournal } from '../track/journal.ts';
import { lookOf } from '../track/look.ts';
import { readJournal } from '../track/read-journal.ts';
import { lockOrganisation, type Run } from '../track/store.ts';
import { languagesOf, readBeside } from './beside-run.ts';
import { ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { createLog } from './log.ts';
import { DEFAULT_ORGANISATION_FILE } from './names.ts';
import { loadOrganisation } from './organisation.ts';
import { prepareScan, type PreparedScan, type ScanInput } from './prepare.ts';
import { findPlace, type RecheckPlace } from './recheck-place.ts';
import { writeReports } from './report-files.ts';
import { ownProbes } from './sources.ts';
import type { Terminal } from './terminal.ts';

export interface RecheckOptions {
  readonly reports: string;
  readonly vantage?: string;
  readonly lang?: readonly ('ja' | 'en')[];
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export interface RecheckInput extends Omit<ScanInput, 'file' | 'options'> {
  readonly spokenId: string;
  /** The organisation file (a name that ends in .yaml or .yml) and a run, in any order. */
  readonly named: readonly string[];
  readonly options: RecheckOptions;
}

/**
 * `sekisho recheck B-07`: one look at the place of one finding, from here and now, under the permission, guard and hours of the
 * organisation file as it is today. What it saw goes into the journal of the run and into its reports; the result of the run stays.
 *
 * Exit: 10 still reachable · 0 refused or, over TCP, silent · 30 nobody can tell: not looked, or silence over UDP · 130 interrupted
 */
export async function recheckCommand(input: RecheckInput): Promise<ExitCode> {
  const { options, spokenId, knowledge, now } = input;
  const { file, reference } = namedOf(input.named);
  const { scope: named } = loadOrganisation(file, knowledge);
  const lock = await lockOrganisation(options.reports, named.id, now());
  try {
    const place = await findPlace({
      reports: options.reports,
      organisation: named.id,
      vantage: options.vantage ?? named.vantage,
      spokenId: spokenId.toUpperCase(),
      reference,
    });
    const { address, port, transport } = place;
    const prepared = prepareScan({
      ...input,
      isRecheck: true,
      file,
      options: { ...options, failOn: 'P4', only: { address, port, transport } },
    });
    if (transport === 'udp' && !prepared.scope.probe.udp)
      throw new AppError('usage', `${spokenId} is over UDP, which ${file} switches off (probe: udp).`);
    return await recheckPlace(prepared, place, input);
  } finally {
    lock.release();
  }
}

/** @throws AppError `usage` */
function namedOf(names: readonly string[]): {
  readonly file: string;
  readonly reference: string | undefined;
} {
  const files = names.filter((name) => /\.ya?ml$/i.test(name));
  const runs = names.filter((name) => !files.includes(name));
  if (files.length > 1 || runs.length > 1)
    throw new AppError('usage', 'Name at most one organisation file (.yaml) and one run.');
  return { file: files[0] ?? DEFAULT_ORGANISATION_FILE, reference: runs[0] };
}

async function recheckPlace(
  prepared: PreparedScan,
  place: RecheckPlace,
  { options, knowledge, terminal }: RecheckInput,
): Promise<ExitCode> {
  const interrupt = onInterrupt((text) => terminal.say(text));
  try {
    const seen = await look(prepared, place, interrupt.signal);
    const service = serviceAt(place, seen, prepared.scope, knowledge);
    const recheck = recheckOf(prepared, place, seen, service);
    const lang = options.lang?.[0] ?? prepared.scope.languages[0] ?? 'ja';
    const { run, snapshot } = place;
    if (options.json === true) terminal.result(asJson(recheck, service, run));
    else terminal.result(recheckText({ recheck, service, snapshot, knowledge, lang }).join('\n'));
    // That nobody could look is news for who asked, not for who reads the report.
    if (recheck.state !== 'not-looked') terminal.say(await keep(recheck, place, knowledge, terminal));
    return interrupt.signal.aborted ? ExitCode.interrupted : exitCode(recheck);
  } finally {
    interrupt.dispose();
  }
}

interface Seen {
  readonly coverage: SourceCoverage;
  readonly observations: readonly Observation[];
  readonly sweeps: readonly SweepResult[];
}

async function look(
  { scope, knowledge, options, now }: PreparedScan,
  { snapshot, entry }: RecheckPlace,
  signal: AbortSignal,
): Promise<Seen> {
  const observations: Observation[] = [];
  const sweeps: SweepResult[] = [];
  const siteId = snapshot.services.find(({ key }) => key === entry.subject)?.siteId ?? entry.siteId;
  const coverage = await ownProbes(knowledge, options).run({
    // Names of other sites need not be resolved for one place.
    scope: {
      ...scope,
      sites: scope.sites.map((site) => (site.id === siteId ? site : { ...site, hosts: [] })),
    },
    now,
    signal,
    log: createLog({ file: undefined, verbose: options.verbose === true }),
    progress: () => undefined,
    alreadyDone: new Set(),
    earlier: { observations: [], sweeps: [] },
    record: {
      ...keepsNothing,
      observation: (one) => void observations.push(one),
      sweep: (results) => void sweeps.push(...results),
    },
  });
  return { coverage, observations, sweeps };
}

function recheckOf(
  { scope, now }: PreparedScan,
  place: RecheckPlace,
  { coverage, observations }: Seen,
  service: Service | undefined,
): Recheck {
  const { entry } = place;
  return {
    spokenId: entry.spokenId,
    subject: entry.subject,
    at: formatInstant(now()),
    vantage: scope.vantage,
    ...stateOf(coverage, place),
    details: service === undefined ? [] : differences(entry.appearance, appearanceOf(service)),
    requests: coverage.requests,
    observations: [...observations],
  };
}

function stateOf(coverage: SourceCoverage, place: RecheckPlace): Pick<Recheck, 'state' | 'reason'> {
  const seen = lookOf([coverage]).look(place);
  if (seen.result !== 'not-looked') return { state: seen.result };
  if (seen.reason === 'udp-silent') return { state: 'no-answer' };
  if (place.transport === 'udp' && seen.reason === 'port-not-asked')
    return { state: 'not-looked', reason: 'no-question' };
  return { state: 'not-looked', reason: coverage.reason ?? coverage.notLooked[0]?.reason ?? 'unfinished' };
}

function serviceAt(
  { address, port, transport }: RecheckPlace,
  { observations, sweeps }: Seen,
  scope: Scope,
  knowledge: Knowledge,
): Service | undefined {
  const key = serviceKey(address, port, transport);
  return identify(observations, sweeps, scope, knowledge).find((service) => service.key === key);
}

/** Into the journal first: the reports can be made again, what was seen cannot. Returns what became of it, as a sentence. */
async function keep(
  recheck: Recheck,
  { run, snapshot }: RecheckPlace,
  knowledge: Knowledge,
  terminal: Terminal,
): Promise<string> {
  // A journal that is gone is not begun anew: a run with this alone in it would be no run.
  if (!(await isThere(run.journalPath)))
    return `Not kept: the journal of the run ${run.runId} is gone (${run.journalPath}).`;
  const journal = openJournal(run.journalPath);
  try {
    journal.append({ kind: 'recheck', recheck });
  } finally {
    journal.close();
  }
  await writeReports({
    ...(await readBeside(run, (text) => terminal.say(text))),
    directory: run.directory,
    snapshot,
    journal: await readJournal(run.journalPath),
    knowledge,
    languages: languagesOf(run, knowledge),
  });
  return `Kept with the run ${run.runId}, and its reports were written again.`;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function asJson({ observations, ...told }: Recheck, service: Service | undefined, run: Run): string {
  return jsonLine({
    run: run.runId,
    ...told,
    looks: observations.map(({ probe, status, protocol }) => ({ probe, status, protocol })),
    product: service?.identity?.productId ?? null,
    version: service?.version.state === 'known' ? service.version.value : null,
    certificate: service?.certificate?.sha256 ?? null,
  });
}

function exitCode({ state, subject }: Recheck): ExitCode {
  switch (state) {
    case 'open':
      return ExitCode.changed;
    case 'closed':
      return ExitCode.nothingNew;
    case 'no-answer':
      return subject.endsWith('/udp') ? ExitCode.incomplete : ExitCode.nothingNew;
    case 'not-looked':
      return ExitCode.incomplete;
  }
}
