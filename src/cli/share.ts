import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { loadKnowledge } from '../knowledge/load.ts';
import { parseAddress, parseRange } from '../lib/address.ts';
import { AppError } from '../lib/app-error.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { messagesFor } from '../report/messages/index.ts';
import { blankFiles } from '../report/share/blank.ts';
import { buildBundle, type BuiltBundle, type ShareInput } from '../report/share/build.ts';
import { digestList, filesOf, type BundleFile } from '../report/share/files.ts';
import { findLeaks } from '../report/share/leaks.ts';
import { previewLines } from '../report/share/preview.ts';
import { isRedacted, type SharedBundle } from '../report/share/shared-record.ts';
import { readAnswers } from '../track/answers.ts';
import { findRun, organisationFolder, readSnapshot, type Run } from '../track/store.ts';
import { readEvidence } from './beside-run.ts';
import { ExitCode } from './exit-code.ts';
import { CONFIG_DIRECTORY } from './package.ts';
import { requireNewFolder, writeNewFolder } from './share-folder.ts';
import { keepShareKey, newShareKey, readShareKey } from './share-key.ts';
import type { Terminal } from './terminal.ts';

export interface ShareOptions {
  readonly reports: string;
  readonly org?: string;
  readonly out: string;
  readonly envelope: SharedBundle['envelope'];
  readonly tlp: SharedBundle['tlp'];
  readonly findings?: string;
  readonly evidence: boolean;
  readonly keepAddress?: string;
  readonly name?: boolean;
  readonly contact?: string;
  readonly note?: string;
  readonly passedOn?: NonNullable<SharedBundle['passingOn']>;
  readonly sector?: NonNullable<SharedBundle['sender']['sector']>;
  readonly size?: NonNullable<SharedBundle['sender']['size']>;
  readonly region?: NonNullable<SharedBundle['sender']['region']>;
  readonly lang?: 'ja' | 'en';
  readonly yes?: boolean;
}

export interface ShareParts {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /** Answer of a person, replaced in tests; undefined: nobody is there to ask. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
}

/** `sekisho share`: a copy of a run for others. Prints what it holds, writes only when told to, sends nothing. */
export async function shareCommand(
  reference: string,
  options: ShareOptions,
  { terminal, environment, ask = askOf(terminal) }: ShareParts,
): Promise<ExitCode> {
  await requireNewFolder(options.out);
  const run = await findRun(options.reports, options.org, reference);
  const snapshot = await readSnapshot(run.snapshotPath);
  const { observations } = await readEvidence(run, (text) => terminal.say(text));
  const keyPath = keyPathOf(run, snapshot, options.reports);
  const known = await readShareKey(keyPath);
  const key = known ?? newShareKey();
  const input: ShareInput = {
    snapshot,
    observations,
    answers: (await readAnswers(run)) ?? {},
    // Without the product files of the installation: nobody else has their words.
    published: loadKnowledge(CONFIG_DIRECTORY),
    key,
    options: checked(options, snapshot),
  };
  const built = buildBundle(input);
  const files = safeFiles(built);
  const m = messagesFor(options.lang ?? languageOf(environment));
  terminal.say(
    previewLines({ ...built, files: files.map(({ path }) => path), out: options.out }, m).join('\n'),
  );
  if (options.yes !== true) {
    if (ask === undefined) throw new AppError('usage', m.share.cli.needsYes);
    const answer = await ask(m.share.cli.question(options.out));
    if (!/^\s*(?:y|yes|はい)\s*$/i.test(answer)) {
      terminal.say(m.share.cli.notWritten);
      return ExitCode.nothingNew;
    }
  }
  // Another process may have made a key in the meantime: then its labels count.
  const kept = known ?? (await keepShareKey(keyPath, key));
  const written = kept === key ? files : safeFiles(buildBundle({ ...input, key: kept }));
  await writeNewFolder(options.out, [...written, digestList(written)], shownTime(built.bundle));
  terminal.result(options.out);
  terminal.say(m.share.cli.written(written.length + 1, keyPath));
  return ExitCode.nothingNew;
}

/** Strangers get days alone, of the files as well. */
function shownTime({ tlp, looked }: SharedBundle): Date | undefined {
  const day = new Date(`${looked.to.slice(0, 10)}T00:00:00Z`);
  return isRedacted(tlp) && !Number.isNaN(day.getTime()) ? day : undefined;
}

function askOf({ isInteractive }: Terminal): ShareParts['ask'] {
  if (!isInteractive || !process.stdin.isTTY) return undefined;
  return async (question) => {
    const line = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await line.question(`${question} `);
    } finally {
      line.close();
    }
  };
}

/** @throws AppError `share-leak` when a word of the organisation got into a redacted file: a fault of this program */
function safeFiles(built: BuiltBundle): readonly BundleFile[] {
  const files = filesOf(built);
  if (!isRedacted(built.bundle.tlp)) return files;
  const leaks = findLeaks(files, blankFiles(built.bundle, built.contacts), built.own, built.isPublic);
  if (leaks.length === 0) return files;
  throw new AppError(
    'share-leak',
    `Nothing was written: words that belong to the organisation are left in the redacted copy (${leaks.slice(0, 5).join(', ')}). Please report this; until it is mended, leave out the finding with --findings, or share with a desk as AMBER.`,
  );
}

function keyPathOf(run: Run, snapshot: Snapshot, reports: string): string {
  const folder =
    run.organisation === undefined
      ? organisationFolder(reports, snapshot.organisation.id)
      : dirname(resolve(run.directory));
  return join(folder, 'share.key');
}

function languageOf(environment: NodeJS.ProcessEnv): 'ja' | 'en' {
  const locale = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(
    (one) => (one ?? '') !== '',
  );
  return locale?.startsWith('ja') === true ? 'ja' : 'en';
}

/** @throws AppError `usage` */
function checked(options: ShareOptions, snapshot: Snapshot): ShareInput['options'] {
  const { tlp, envelope, sector, size, region, contact } = options;
  if (isRedacted(tlp) && (options.name === true || contact !== undefined)) {
    throw new AppError(
      'usage',
      `TLP:${tlp} does not name the sender: leave out --name and --contact, or share as AMBER.`,
    );
  }
  return {
    tlp,
    envelope,
    named: options.name === true,
    findings: chosenIds(options.findings, snapshot),
    evidence: options.evidence,
    keepAddresses: othersOnly(options.keepAddress, snapshot),
    sender: {
      ...(sector === undefined ? {} : { sector }),
      ...(size === undefined ? {} : { size }),
      ...(region === undefined ? {} : { region }),
      ...(contact === undefined ? {} : { contact }),
    },
    passingOn: options.passedOn,
    note: options.note,
  };
}

function chosenIds(list: string | undefined, { findings }: Snapshot): readonly string[] | undefined {
  if (list === undefined) return undefined;
  const ids = list
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const unknown = ids.filter((id) => !findings.some(({ spokenId }) => spokenId === id));
  if (ids.length > 0 && unknown.length === 0) return ids;
  const there = findings.map(({ spokenId }) => spokenId).slice(0, 20);
  throw new AppError(
    'usage',
    `This run has no finding ${unknown.join(', ')}. It has: ${there.length === 0 ? 'none' : there.join(', ')}.`,
  );
}

function othersOnly(list: string | undefined, snapshot: Snapshot): string[] {
  const own = snapshot.sites.flatMap(({ ranges }) => ranges.map(parseRange));
  return (list ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const address = parseAddress(text);
      if (address === undefined) throw new AppError('usage', `--keep-address: "${text}" is not an address.`);
      const { family, value } = address;
      if (own.some((range) => range.family === family && range.first <= value && value <= range.last))
        throw new AppError(
          'usage',
          `--keep-address: ${text} is one of your own addresses. Name addresses of others only.`,
        );
      return address.text;
    });
}
