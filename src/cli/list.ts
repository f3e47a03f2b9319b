import type { Knowledge } from '../model/knowledge.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { findingsJson, servicesJson } from '../report/json.ts';
import { jsonLine, showable } from '../lib/hostile-text.ts';
import { findRun, readSnapshot } from '../track/store.ts';
import { alignedRows } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface ListOptions {
  readonly reports: string;
  readonly org?: string;
  readonly json?: boolean;
}

/** `sekisho services [RUN] --json`: one object a line; its shape is `sekisho schema services`. */
export async function servicesCommand(
  run: string,
  options: ListOptions,
  knowledge: Knowledge,
  terminal: Terminal,
): Promise<void> {
  const objects = servicesJson(await snapshotOf(run, options), knowledge);
  printLines(
    objects,
    options,
    terminal,
    ({ priority, spokenId, address, port, transport, product, protocol, version, authentication }) => [
      priority ?? '',
      spokenId ?? '',
      place(address, port, transport),
      product?.name ?? protocol,
      version.value ?? 'version unknown',
      authentication.kind,
    ],
  );
}

/** `sekisho findings [RUN] --json`: one object a line; its shape is `sekisho schema findings`. */
export async function findingsCommand(
  run: string,
  options: ListOptions,
  knowledge: Knowledge,
  terminal: Terminal,
): Promise<void> {
  const objects = findingsJson(await snapshotOf(run, options), knowledge);
  printLines(
    objects,
    options,
    terminal,
    ({ priority, trace, spokenId, subject, product, class: kind, row, verdict }) => [
      `${priority}/${trace}`,
      spokenId,
      subject,
      product?.name ?? kind,
      row,
      verdict,
    ],
  );
}

async function snapshotOf(reference: string, { reports, org }: ListOptions): Promise<Snapshot> {
  const run = await findRun(reports, org, reference);
  return readSnapshot(run.snapshotPath);
}

function printLines<T>(
  objects: readonly T[],
  { json }: ListOptions,
  terminal: Terminal,
  columns: (object: T) => readonly string[],
): void {
  if (objects.length === 0) {
    if (json !== true)
      terminal.say('None. See the coverage in the report before reading this as "nothing there".');
    return;
  }
  if (json === true) {
    terminal.result(objects.map((object) => jsonLine(object)).join('\n'));
    return;
  }
  const rows = objects.map((object) => columns(object).map((cell) => showable(cell, 60)));
  terminal.result(alignedRows(rows).join('\n'));
}

function place(address: string, port: number, transport: string): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}/${transport}`;
}
