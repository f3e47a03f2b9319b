import { showable } from '../lib/hostile-text.ts';
import { formatInstant } from '../lib/time.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { listFolders } from '../track/store.ts';
import { HitCollector, type Hit } from './ask-hits.ts';
import { breadthJson, breadthLines, hitJson, hitRows, questionLines, type Breadth } from './ask-lines.ts';
import { importedSince } from './ask-imports.ts';
import { understand, type AskKnowledge, type Question } from './ask-question.ts';
import { storedRuns } from './ask-store.ts';
import { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

export interface AskContext {
  readonly knowledge: AskKnowledge;
  readonly terminal: Terminal;
  readonly now: () => Date;
}

/** `sekisho ask PRODUCT|CVE…`: over everything that is stored, without a packet. Exit 10: something of it is there now; 30: nothing could be looked through. */
export async function askCommand(
  words: readonly string[],
  options: { readonly reports: string; readonly json?: boolean },
  { knowledge, terminal, now }: AskContext,
): Promise<ExitCode> {
  const questions = words.map((word) => understand(word, knowledge));
  const { hits, breadth } = await search(questions, options.reports, knowledge);
  for (const line of questionLines(questions)) terminal.say(line);
  if (options.json === true) {
    const lines = [...hits.map((hit) => hitJson(hit, knowledge)), breadthJson(breadth, hits)];
    terminal.result(lines.join('\n'));
  } else if (hits.length > 0) terminal.result(hitRows(hits, knowledge).join('\n'));
  const nothingRead = breadth.runs + breadth.imports === 0;
  if (nothingRead)
    terminal.say(`Nothing that can be read is stored under ${showable(options.reports)}: this is no answer.`);
  else if (hits.length === 0) terminal.say('None of what is stored shows it.');
  for (const line of breadthLines(breadth, formatInstant(now()))) terminal.say(line);
  if (nothingRead) return ExitCode.incomplete;
  return hits.some(isThere) ? ExitCode.changed : ExitCode.nothingNew;
}

function isThere({ state, match }: Hit): boolean {
  return state === 'now' && match.answer !== 'not-affected';
}

interface Found {
  readonly hits: readonly Hit[];
  readonly breadth: Breadth;
}

async function search(
  questions: readonly Question[],
  reports: string,
  knowledge: AskKnowledge,
): Promise<Found> {
  const tour = new Tour(reports, new HitCollector(questions), knowledge);
  for (const organisation of await listFolders(reports)) await tour.visit(organisation);
  return tour.found();
}

/** Goes through the organisations and counts what it saw and what it could not read. */
class Tour {
  readonly #reports: string;
  readonly #collector: HitCollector;
  readonly #knowledge: AskKnowledge;
  readonly #newest: Breadth['newest'][number][] = [];
  readonly #unread: Breadth['unread'][number][] = [];
  #organisations = 0;
  #runs = 0;
  #imports = 0;

  constructor(reports: string, collector: HitCollector, knowledge: AskKnowledge) {
    this.#reports = reports;
    this.#collector = collector;
    this.#knowledge = knowledge;
  }

  async visit(organisation: string): Promise<void> {
    const before = this.#runs + this.#imports + this.#unread.length;
    await this.#visitImports(organisation, await this.#visitRuns(organisation));
    if (this.#runs + this.#imports + this.#unread.length > before) this.#organisations += 1;
  }

  found(): Found {
    return {
      hits: this.#collector.hits(),
      breadth: {
        organisations: this.#organisations,
        runs: this.#runs,
        newest: this.#newest,
        imports: this.#imports,
        unread: this.#unread,
      },
    };
  }

  /** @returns the newest run, undefined when there is none. */
  async #visitRuns(organisation: string): Promise<Snapshot | undefined> {
    let latest: Snapshot | undefined;
    for await (const run of storedRuns(this.#reports, organisation)) {
      if (run.state === 'unread') {
        this.#unread.push({ organisation, what: run.runId, why: run.why });
        continue;
      }
      this.#runs += 1;
      latest ??= run.newest;
      if (run.newest !== undefined) {
        const { vantage, endedAt, passive, complete } = run.newest;
        this.#newest.push({ organisation, vantage, run: run.runId, endedAt, passive, complete });
      }
      const lost = this.#collector.take(run);
      if (lost > 0)
        this.#unread.push({ organisation, what: run.runId, why: `${lost} of its services cannot be read` });
    }
    return latest;
  }

  async #visitImports(id: string, latest: Snapshot | undefined): Promise<void> {
    const organisation = latest?.organisation ?? { id, ja: id, en: id };
    // A run that was cut short may not have come to the files that were there.
    const since = latest?.complete === true ? latest.startedAt : undefined;
    for await (const file of importedSince(this.#reports, id, since, this.#knowledge)) {
      if (file.state === 'unread') {
        this.#unread.push({ organisation: id, what: file.path, why: file.why });
        continue;
      }
      this.#imports += 1;
      for await (const services of file.services)
        this.#collector.takeImported(organisation, file.header, services);
      const damaged = file.damaged();
      if (damaged > 0)
        this.#unread.push({ organisation: id, what: file.header.id, why: `${damaged} lines are damaged` });
    }
  }
}
