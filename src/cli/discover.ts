import { createLog } from './log.ts';
import { onInterrupt } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { createProbeSource } from '../observe/probe/probe-source.ts';
import { keepsNothing } from '../observe/source.ts';
import { compareAddresses } from '../lib/address.ts';
import { parsePorts } from '../lib/port-list.ts';
import type { SourceCoverage } from '../model/snapshot.ts';
import { ExitCode } from './exit-code.ts';
import type { PreparedScan } from './prepare.ts';

/**
 * `sekisho scan --discover-only`: which TCP ports accept a connection, one "ADDRESS PORT" a line (or JSON). A quick look:
 * no conversation, no run on disk, nothing to compare.
 */
export async function discoverCommand({ scope, options, terminal, now }: PreparedScan): Promise<ExitCode> {
  const interrupt = onInterrupt((text) => terminal.say(text));
  const progress = createProgress(
    terminal.isInteractive && options.quiet !== true,
    (text) => process.stderr.write(text),
    () => performance.now(),
  );
  const source = createProbeSource({
    enabled: true,
    discoverOnly: true,
    ...(options.only === undefined ? {} : { only: options.only }),
    webRequests: [],
    hinted: () => new Set(),
  });
  const coverage = await source.run({
    scope,
    now,
    signal: interrupt.signal,
    log: createLog({ file: options.logFile, verbose: options.verbose === true }),
    progress: progress.update,
    alreadyDone: new Set(),
    earlier: { observations: [], sweeps: [] },
    record: keepsNothing,
  });
  progress.clear();
  interrupt.dispose();
  const open = openPlaces(coverage);
  if (open.length > 0)
    terminal.result(
      open
        .map((place) => (options.json === true ? JSON.stringify(place) : `${place.address} ${place.port}`))
        .join('\n'),
    );
  if (options.quiet !== true) terminal.say(describe(coverage, open.length));
  if (interrupt.signal.aborted) return ExitCode.interrupted;
  return coverage.state === 'complete' ? ExitCode.nothingNew : ExitCode.incomplete;
}

function openPlaces(coverage: SourceCoverage): { address: string; port: number }[] {
  const responding = (coverage.lookedAt?.responding ?? []).toSorted((a, b) =>
    compareAddresses(a.address, b.address),
  );
  return responding.flatMap(({ address, open }) => parsePorts(open).map((port) => ({ address, port })));
}

function describe(
  { addresses, looked, answered, requests, state, reason }: SourceCoverage,
  open: number,
): string {
  const honesty = state === 'complete' ? '' : ` The look is ${state} (${reason ?? 'unfinished'}).`;
  return `${open} open places on ${answered} answering hosts; ${looked} of ${addresses} addresses looked at, ${requests} connections tried.${honesty}`;
}
