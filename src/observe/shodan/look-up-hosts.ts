import { ShodanError } from './answer.ts';
import type { HostReport, ShodanClient } from './client.ts';
import type { Reason } from './collector.ts';
import { readHost } from './records.ts';
import { attempt, type Session } from './session.ts';
import { spansOf } from './spans.ts';

export interface Lookup {
  readonly address: string;
  /** true: a search has already looked at this address, the lookup adds details. */
  readonly searched: boolean;
}

/** Host answers one by one: free, one second each; with history, tags and ports that a search does not give. */
export async function lookUpHosts(session: Session, lookups: readonly Lookup[]): Promise<void> {
  const { context, collector } = session;
  let blocked: Reason | undefined;
  for (const [index, { address, searched }] of lookups.entries()) {
    context.progress('shodan hosts', index, lookups.length);
    const unit = `shodan/host/${address}`;
    const isDone = context.alreadyDone.has(unit);
    const reason = isDone ? undefined : await lookUp(session, address, blocked);
    if (reason === undefined) {
      if (!isDone) context.record.done(unit);
      if (!searched) collector.looked(spansOf(address));
    } else {
      if (searched) collector.missed(`host/${address}`, reason, 1);
      else collector.notLooked(spansOf(address), reason);
      if (reason === 'plan-lacks') blocked = reason;
    }
  }
  context.progress('shodan hosts', lookups.length, lookups.length);
}

async function lookUp(
  session: Session,
  address: string,
  blocked: Reason | undefined,
): Promise<Reason | undefined> {
  const outcome = await attempt(session, blocked, (client, signal) =>
    askHost(session, client, address, signal),
  );
  if (!outcome.done) return outcome.reason;
  if (outcome.value === undefined) return undefined;
  const { host, records } = outcome.value;
  // A host answer is about the address asked for, also when it does not repeat it.
  const named = { ...host, ip_str: host.ip_str ?? address };
  const { history } = session.context.scope.shodan;
  const readings = readHost(named, records, session.recordContext(), history);
  const older = readings.observations.filter(({ probe }) => probe === 'history').length;
  session.history.older += older;
  session.history.places += readings.observations.length - older;
  session.collector.add(readings);
  return undefined;
}

/** With history when it is wanted; a plan that refuses that may give the answer without. */
async function askHost(
  session: Session,
  client: ShodanClient,
  address: string,
  signal: AbortSignal,
): Promise<HostReport | undefined> {
  const history = session.context.scope.shodan.history && !session.history.refused;
  try {
    return await client.host(address, { history }, signal);
  } catch (error) {
    // The key was good a moment ago: a 401 that says no more is about the history, too.
    const isRefused = error instanceof ShodanError && ['plan-lacks', 'bad-key'].includes(error.kind);
    if (!history || !isRefused) throw error;
    const report = await client.host(address, { history: false }, signal);
    session.history.refused = true;
    session.context.log.warn(
      'Shodan: the plan gives no history; since when something is open is known only from the newest records',
    );
    return report;
  }
}

/** The crawler comes by every week: so many places without one older record have been answered without their history. */
const ENOUGH_PLACES = 10;

/** Has the history been asked for in vain? A plan without it may refuse it, or answer as if nobody had asked. */
export function lacksHistory({ context, history }: Session): boolean {
  const { refused, places, older } = history;
  return context.scope.shodan.history && (refused || (older === 0 && places >= ENOUGH_PLACES));
}
