import { listOrganisations, listRuns, readSnapshot } from '../track/store.ts';
import { AppError, errorText } from '../lib/app-error.ts';
import { jsonLine, showable } from '../lib/hostile-text.ts';
import type { Terminal } from './terminal.ts';

interface RunLine {
  readonly organisation: string;
  readonly run: string;
  readonly vantage: string | undefined;
  readonly ended: string | undefined;
  readonly state: string;
  readonly services: number | undefined;
  readonly changes: number | undefined;
}

/** `sekisho runs`: every run under the reports folder, oldest first. */
export async function runsCommand(
  options: { readonly reports: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const lines: RunLine[] = [];
  for (const organisation of await listOrganisations(options.reports)) {
    for (const run of await listRuns(options.reports, organisation))
      lines.push(await describeRun(organisation, run.runId, run.snapshotPath));
  }
  if (lines.length === 0) terminal.say(`No runs under ${options.reports}.`);
  for (const line of lines) terminal.result(options.json === true ? jsonLine(line) : asText(line));
}

async function describeRun(organisation: string, run: string, snapshotPath: string): Promise<RunLine> {
  try {
    const { vantage, endedAt, complete, services, changes } = await readSnapshot(snapshotPath);
    return {
      organisation,
      run,
      vantage,
      ended: endedAt,
      state: complete ? 'complete' : 'stopped',
      services: services.length,
      changes: changes.length,
    };
  } catch (error) {
    return {
      organisation,
      run,
      vantage: undefined,
      ended: undefined,
      state: stateOf(error),
      services: undefined,
      changes: undefined,
    };
  }
}

/** Killed before its snapshot was made, or damaged: the words of the error say which. */
function stateOf(error: unknown): string {
  const isUnfinished = error instanceof AppError && error.code === 'snapshot-missing';
  return isUnfinished
    ? 'unfinished (scan --resume goes on with the newest one)'
    : `damaged: ${showable(errorText(error), 600)}`;
}

function asText({ organisation, run, vantage, state, services, changes }: RunLine): string {
  const from = vantage === undefined ? '' : `  from ${showable(vantage, 60)}`;
  return `${organisation}  ${run}${from}  ${state}${services === undefined ? '' : `  ${services} services, ${changes ?? 0} changes`}`;
}
