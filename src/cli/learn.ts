import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readAnswers } from '../identify/match/answers.ts';
import { createMatcher } from '../identify/match/match.ts';
import { readOrdinary } from '../knowledge/ordinary.ts';
import { AppError } from '../lib/app-error.ts';
import { makePrivateDirectory, writeFileAtomically } from '../lib/atomic-file.ts';
import { dataDirectory } from '../lib/data-directory.ts';
import { jsonLine } from '../lib/hostile-text.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Observation } from '../model/observation.ts';
import { ServiceClass } from '../model/service-class.ts';
import { createProbeSource } from '../observe/probe/probe-source.ts';
import type { Only } from '../observe/probe/sweep-plan.ts';
import { samplesOfFacts } from '../observe/recorded/as-samples.ts';
import { keepsNothing } from '../observe/source.ts';
import { ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { learnProduct, type Learned } from './learn-product.ts';
import { createLog } from './log.ts';
import { CONFIG_DIRECTORY } from './package.ts';
import { prepareScan, type PreparedScan } from './prepare.ts';
import { webRequests } from './sources.ts';
import type { Terminal } from './terminal.ts';

export interface LearnOptions {
  readonly as: string;
  readonly class?: string;
  readonly vendor?: string;
  readonly name?: string;
}

export interface LearnCommandInput {
  readonly place: Only;
  /** Organisation file: only a device of the own scope is asked. */
  readonly file: string;
  readonly options: LearnOptions;
  readonly knowledge: Knowledge;
  readonly toolVersion: string;
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  readonly now: () => Date;
}

interface Names {
  readonly id: string;
  readonly vendor: string;
  readonly name: string;
  readonly class: ServiceClass;
}

/**
 * `sekisho learn ADDRESS:PORT --as PRODUCT`: asks one own device, with the ordinary probes and under the ordinary permission, and
 * writes a product file of what it answered.
 *
 * @returns 30 when the device did not answer, or said nothing by which it could be told.
 * @throws AppError, ConfigError
 */
export async function learnCommand(input: LearnCommandInput): Promise<ExitCode> {
  const { place, knowledge, terminal, now } = input;
  const { port } = place;
  if (port === undefined) throw new AppError('usage', 'learn: give the port as well, ADDRESS:PORT');
  const names = namesOf(input);
  const folder = folderFor(input.environment, names);
  const prepared = prepareScan({ ...input, options: { only: place, reports: '', failOn: 'P4' } });
  terminal.say(`Asking ${place.address} port ${port} …`);
  const observations = await look(prepared, place);
  if (observations.length === 0) {
    terminal.say(`${place.address} port ${port} does not answer from here: nothing learnt, nothing written.`);
    return ExitCode.incomplete;
  }
  requireUnknown(observations, knowledge);
  const heard = observations.map(({ facts }) => facts);
  const ordinary = readOrdinary(CONFIG_DIRECTORY);
  const date = now().toISOString().slice(0, 10);
  const { scope } = prepared;
  const learned = learnProduct({
    ...names,
    heard,
    scope,
    address: place.address,
    port,
    knowledge,
    ordinary,
    date,
  });
  const recording = await writeRecording(folder.recordings, names.id, heard, port);
  if (learned.kind === 'nothing') {
    terminal.say(
      `Nothing that ${place.address} port ${port} answers tells it from other devices (${learned.dropped} facts are said by others as well): no product file written. What it answered is in ${recording}; that file names your organisation, keep it to yourself.`,
    );
    return ExitCode.incomplete;
  }
  const path = await writeProduct(folder.products, names.id, learned.yaml);
  terminal.result(path);
  terminal.say(report(learned, names, path, recording));
  return ExitCode.nothingNew;
}

function namesOf({ options, knowledge }: LearnCommandInput): Names {
  const id = options.as;
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id)) {
    throw new AppError(
      'usage',
      `--as ${id}: write lower-case letters, digits and hyphens, such as example-gate`,
    );
  }
  if (knowledge.products.has(id)) {
    throw new AppError(
      'usage',
      `--as ${id}: there is a product file of that name already. Choose another name, such as ${id}-2.`,
    );
  }
  const wanted = Object.hasOwn(knowledge.wanted, id) ? knowledge.wanted[id] : undefined;
  const of = ServiceClass.safeParse(options.class ?? wanted?.class ?? 'unknown').data;
  if (of === undefined) {
    throw new AppError('usage', `--class ${options.class}: choose one of ${ServiceClass.options.join(', ')}`);
  }
  return {
    id,
    vendor: options.vendor ?? wanted?.vendor ?? 'unknown',
    name: options.name ?? wanted?.name ?? id,
    class: of,
  };
}

function folderFor(
  environment: NodeJS.ProcessEnv,
  { id, class: of }: Names,
): { readonly products: string; readonly recordings: string } {
  const data = dataDirectory(environment);
  if (data === undefined)
    throw new AppError('usage', 'There is no folder to write to: set SEKISHO_DATA to one, or HOME as usual.');
  const products = join(data, 'products', of);
  if (existsSync(join(products, `${id}.yaml`))) {
    throw new AppError(
      'file-exists',
      `${join(products, `${id}.yaml`)} is there already: delete it, or choose another name.`,
    );
  }
  return { products, recordings: join(data, 'recordings') };
}

async function look({ scope, now, knowledge, terminal }: PreparedScan, only: Only): Promise<Observation[]> {
  const interrupt = onInterrupt((text) => terminal.say(text));
  const matcher = createMatcher(knowledge.products.values());
  const observations: Observation[] = [];
  const source = createProbeSource({
    enabled: true,
    discoverOnly: false,
    only,
    webRequests: webRequests(knowledge),
    hinted: (facts) => matcher.hinted(facts),
  });
  await source.run({
    scope,
    now,
    signal: interrupt.signal,
    log: createLog({ file: undefined, verbose: false }),
    progress: () => undefined,
    alreadyDone: new Set(),
    earlier: { observations: [], sweeps: [] },
    record: { ...keepsNothing, observation: (one) => void observations.push(one) },
  });
  interrupt.dispose();
  return observations.filter(({ status, facts }) => status === 'open' && Object.keys(facts).length > 0);
}

/** A second file for a product that has one would be a rival of it in every run. */
function requireUnknown(observations: readonly Observation[], { products }: Knowledge): void {
  const found = createMatcher(products.values())
    .match(readAnswers(observations))
    .find(({ generic, certainty }) => !generic && certainty !== 'to-confirm');
  const known = found === undefined ? undefined : products.get(found.productId);
  if (found === undefined || known === undefined) return;
  throw new AppError(
    'usage',
    `This device is known already: ${known.id} (${known.vendor} ${known.name}), told by ${found.facts.join(', ')}. Nothing written. If it is something else, please report it with a recording.`,
  );
}

async function writeRecording(
  folder: string,
  id: string,
  heard: readonly Observation['facts'][],
  port: number,
): Promise<string> {
  await makePrivateDirectory(folder);
  const path = join(folder, `${id}.jsonl`);
  const lines = heard.flatMap((facts) => samplesOfFacts(facts, id, port)).map(jsonLine);
  await writeFileAtomically(path, `${lines.join('\n')}\n`);
  return path;
}

async function writeProduct(folder: string, id: string, yaml: string): Promise<string> {
  await makePrivateDirectory(folder);
  const path = join(folder, `${id}.yaml`);
  await writeFileAtomically(path, yaml);
  return path;
}

function report(
  { product, dropped }: Extract<Learned, { kind: 'file' }>,
  { id, vendor, class: of }: Names,
  path: string,
  recording: string,
): string {
  const certainty = product.examples[0]?.expect ?? 'none';
  const unnamed = vendor === 'unknown' || of === 'unknown';
  return [
    `Written: ${path}`,
    `  ${product.facts.length} facts (${product.facts.map((fact) => `${fact.id} ${fact.strength}`).join(', ')}); ${dropped} left out because others say the same.`,
    `  From now on every run on this machine names such a device "${id}", ${certainty}.${unnamed ? ' Fill in vendor, name and class in the file.' : ''}`,
    `  Nothing of your own is in it as far as the program can tell: read it through before you send it on.`,
    `  What the device answered, unmasked: ${recording}. Keep that to yourself; "sekisho match ${recording}" tries it again.`,
  ].join('\n');
}
