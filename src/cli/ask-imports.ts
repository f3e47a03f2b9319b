/** Files that were taken in since the newest run: what they hold is in no run yet, and a question must not pass it over. */
import { identify } from '../identify/identify.ts';
import { compareInstants } from '../lib/time.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Observation } from '../model/observation.ts';
import type { Service } from '../model/service.ts';
import { readStoredRecord } from '../observe/import/json/shodan.ts';
import { readEntries, readPlaces, type StoredEntry } from '../track/import-lines.ts';
import { listImports, type StoredImport } from '../track/imports.ts';

export type ImportedFile =
  | {
      readonly state: 'read';
      readonly header: StoredImport['header'];
      readonly services: AsyncIterable<readonly Service[]>;
      /** Lines that could not be read, when the services have been gone through. */
      readonly damaged: () => number;
    }
  | { readonly state: 'unread'; readonly path: string; readonly why: string };

/** Of each place so many lines, the newest: enough to recognise what stands there. */
const LINES_OF_A_PLACE = 8;
/** Observations that are held at once, as long as the lines of a place do not lie further apart than that. */
const BATCH = 20_000;

/** @param since start of the newest run, if that was complete: what was taken in before is part of it. Undefined: take all. */
export async function* importedSince(
  root: string,
  organisation: string,
  since: string | undefined,
  knowledge: Pick<Knowledge, 'products' | 'classes'>,
): AsyncGenerator<ImportedFile> {
  const { imports, damaged } = await listImports(root, organisation);
  for (const { path, why } of damaged) yield { state: 'unread', path, why };
  for (const { path, header } of imports) {
    if (since !== undefined && compareInstants(header.importedAt, since) < 0) continue;
    const reading = new Reading(path, header, knowledge);
    yield { state: 'read', header, services: reading.services(), damaged: () => reading.damaged };
  }
}

class Reading {
  damaged = 0;
  readonly #path: string;
  readonly #header: StoredImport['header'];
  readonly #knowledge: Pick<Knowledge, 'products' | 'classes'>;

  constructor(
    path: string,
    header: StoredImport['header'],
    knowledge: Pick<Knowledge, 'products' | 'classes'>,
  ) {
    this.#path = path;
    this.#header = header;
    this.#knowledge = knowledge;
  }

  async *services(): AsyncGenerator<readonly Service[]> {
    const { wanted, last } = await this.#choose();
    const waiting = new Map<string, Observation[]>();
    let ready: Observation[] = [];
    for await (const { line, value } of readEntries(this.#path, (number) => wanted.has(number))) {
      const observation = this.#observationOf(value);
      if (observation === undefined) continue;
      const key = placeOf(observation);
      const held = [...(waiting.get(key) ?? []), observation];
      waiting.set(key, held);
      if (last.get(key) !== line) continue;
      waiting.delete(key);
      ready.push(...held);
      if (ready.length < BATCH) continue;
      yield this.#identified(ready);
      ready = [];
    }
    const rest = [...ready, ...[...waiting.values()].flat()];
    if (rest.length > 0) yield this.#identified(rest);
  }

  /** Lines that are damaged were counted when the lines were chosen; whether a record is whole shows only now. */
  #observationOf(entry: StoredEntry | undefined): Observation | undefined {
    if (entry?.kind === 'observation') return entry;
    if (entry?.kind !== 'record') return undefined;
    const { importedAt: collectedAt, file } = this.#header;
    const observation = readStoredRecord(entry, { collectedAt, file });
    if (observation === undefined) this.damaged += 1;
    return observation;
  }

  /** Numbers of the lines to read, and of each place the last of them. */
  async #choose(): Promise<{ wanted: ReadonlySet<number>; last: ReadonlyMap<string, number> }> {
    const places = new Map<string, { readonly line: number; readonly at: string }[]>();
    for await (const { line, value } of readPlaces(this.#path)) {
      if (value === undefined) {
        this.damaged += 1;
        continue;
      }
      const key = placeOf(value);
      const lines = [...(places.get(key) ?? []), { line, at: value.observedAt }];
      places.set(key, lines.toSorted((a, b) => compareInstants(b.at, a.at)).slice(0, LINES_OF_A_PLACE));
    }
    const chosen = [...places].map(([key, lines]) => [key, lines.map(({ line }) => line)] as const);
    return {
      wanted: new Set(chosen.flatMap(([, lines]) => lines)),
      last: new Map(chosen.map(([key, lines]) => [key, Math.max(...lines)])),
    };
  }

  #identified(observations: readonly Observation[]): readonly Service[] {
    const nowhere = { sites: [], vantage: this.#header.vantage, probe: { ports: [] } };
    return identify(observations, [], nowhere, this.#knowledge);
  }
}

function placeOf({ address, port, transport }: Pick<Observation, 'address' | 'port' | 'transport'>): string {
  return `${address} ${port} ${transport}`;
}
