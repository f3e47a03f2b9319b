/** Several sources of one name in one run: Shodan itself, and files that Shodan or the same tool wrote. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Observation } from '../src/model/observation.ts';
import { observe } from '../src/pipeline.ts';
import type { FileSource, Source, SourceContext } from '../src/observe/source.ts';
import { openJournal } from '../src/track/journal.ts';
import { readJournal, type JournalContent } from '../src/track/read-journal.ts';
import { emptyCoverage, observationOf, scopeOf } from './track/build.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(
  sources: readonly (Source | FileSource)[],
  earlier?: JournalContent,
): Promise<JournalContent> {
  const path = join(folder, 'journal.jsonl');
  const journal = openJournal(path);
  await observe({
    sources,
    scope: scopeOf(),
    journal,
    earlier,
    now: () => new Date('2026-11-20T00:00:00Z'),
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    progress: () => undefined,
  });
  journal.close();
  return readJournal(path);
}

const seen = (id: string, file?: string): Observation =>
  observationOf(443, { id, source: 'shodan', ...(file === undefined ? {} : { file }) });

it('keeps the coverage of each apart, in one vantage, and none of a list that has nothing to say', async () => {
  const complete = emptyCoverage('shodan', 'complete');
  const { coverage } = await run([
    { name: 'shodan', run: async () => complete },
    { name: 'shodan', file: 'a.json', run: async () => ({ ...complete, file: 'a.json' }) },
    { name: 'shodan', file: 'b.json', run: async () => ({ ...complete, file: 'b.json' }) },
    { name: 'file', file: 'devices.csv', run: async () => undefined },
    {
      name: 'nmap',
      file: 'c.xml',
      run: async () => {
        throw new Error('a fault of ours');
      },
    },
  ]);
  expect(
    coverage.map(({ source, file, state }) => `${source} ${file ?? 'itself'} ${state}`).toSorted(),
  ).toEqual([
    'nmap c.xml failed',
    'shodan a.json complete',
    'shodan b.json complete',
    'shodan itself complete',
  ]);
});

it('gives a resumed source what it saw itself, and not what files of the same name say', async () => {
  const first = await run([
    {
      name: 'shodan',
      run: async ({ record }) => {
        for (const one of [seen('own'), seen('a', 'a.json'), seen('b', 'b.json')]) record.observation(one);
        return emptyCoverage('shodan', 'partial');
      },
    },
  ]);
  const given: string[][] = [];
  const note = ({ earlier }: SourceContext): void =>
    void given.push(earlier.observations.map(({ id }) => id));
  await run(
    [
      {
        name: 'shodan',
        run: async (context) => {
          note(context);
          return emptyCoverage('shodan', 'complete');
        },
      },
      {
        name: 'shodan',
        file: 'b.json',
        run: async (context) => {
          note(context);
          return undefined;
        },
      },
    ],
    first,
  );
  expect(given).toEqual([['own'], ['b']]);
});
