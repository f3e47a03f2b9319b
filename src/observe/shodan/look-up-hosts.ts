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
  const { history } = session.context.scope.shodan;
  const outcome = await attempt(session, blocked, (client, signal) =>
    client.host(address, { history }, signal),
  );
  if (!outcome.done) return outcome.reason;
  if (outcome.value === undefined) return undefined;
  const { host, records } = outcome.value;
  // A host answer is about the address asked for, also when it does not repeat it.
  const named = { ...host, ip_str: host.ip_str ?? address };
  session.collector.add(readHost(named, records, session.recordContext(), history));
  return undefined;
}
