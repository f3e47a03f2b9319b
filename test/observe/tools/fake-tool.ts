/** Programs that fail in ways in which a real one cannot be made to: shell scripts in a folder that stands first on PATH. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Observation } from '../../../src/model/observation.ts';
import { keepsNothing, type Source, type SourceContext } from '../../../src/observe/source.ts';
import { scopeOf } from '../../scope/scope-fixture.ts';

export interface FakeTools {
  /** A program of this name that runs these lines of sh. Its arguments are appended to `calls`. */
  put(name: string, lines: string): void;
  readonly folder: string;
  remove(): void;
}

const realPath = process.env['PATH'] ?? '';

/** @param alone nothing else is on PATH: what is not put there is not installed. */
export function fakeTools(alone = false): FakeTools {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-fake-'));
  process.env['PATH'] = alone ? folder : `${folder}:${realPath}`;
  return {
    folder,
    put: (name, lines) => {
      writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" >> '${folder}/calls'\n${lines}\n`);
      chmodSync(join(folder, name), 0o755);
    },
    remove: () => {
      process.env['PATH'] = realPath;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Watched {
  readonly context: SourceContext;
  readonly observations: Observation[];
  readonly done: string[];
  /** Messages of the log. */
  readonly said: string[];
}

export function watchedContext(over: Partial<SourceContext> = {}): Watched {
  const observations: Observation[] = [];
  const done: string[] = [];
  const said: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void said.push(line) });
  const context: SourceContext = {
    scope: scopeOf(),
    now: () => new Date(),
    signal: new AbortController().signal,
    log,
    progress: () => undefined,
    alreadyDone: new Set(),
    earlier: { observations: [], sweeps: [] },
    record: {
      ...keepsNothing,
      observation: (one) => observations.push(one),
      done: (unit) => done.push(unit),
    },
    ...over,
  };
  return { context, observations, done, said };
}

export async function runSource(source: Source, over: Partial<SourceContext> = {}) {
  const watched = watchedContext(over);
  return { ...watched, coverage: await source.run(watched.context) };
}
