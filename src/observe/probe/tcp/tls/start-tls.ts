import { DialError, type Connection } from '../../connection.ts';
import type { ProbeContext } from '../../probe.ts';
import { handshakeFacts } from './handshake-facts.ts';
import { lookAtTls, type TlsLook } from './look.ts';
import { openTls } from './open.ts';
import { UPGRADES, type StartTlsProtocol } from './upgrades.ts';

/**
 * A MySQL server counts every handshake that breaks off and shuts a host out after some (`max_connect_errors`: 10 before
 * MySQL 5.6.6, 100 since): one connection must do.
 */
const ONE_HANDSHAKE_ONLY: ReadonlySet<StartTlsProtocol> = new Set(['mysql']);

/**
 * The look at TLS inside a protocol that begins in plain text, versions and certificate; at most seven connections, each of which
 * says no more than the protocol's own words up to the handshake.
 *
 * @param first a connection on which the command may be given now; else one is dialled. Not closed when the command was refused.
 * @returns undefined when the server does not agree, or no TLS followed.
 */
export async function lookAtTlsAfter(
  context: ProbeContext,
  protocol: StartTlsProtocol,
  first?: Connection,
): Promise<TlsLook | undefined> {
  const upgrade = UPGRADES[protocol];
  const dial = async (): Promise<Connection> => {
    const connection = await context.dial();
    const isReady =
      (await upgrade.ready(connection, context.answerTimeoutMs)) &&
      (await upgrade.command(connection, context.answerTimeoutMs));
    if (isReady) return connection;
    connection.close();
    throw new DialError('protocol-error', `${protocol} did not go on to TLS`);
  };
  if (first !== undefined && !(await upgrade.command(first, context.answerTimeoutMs))) return undefined;
  const found = ONE_HANDSHAKE_ONLY.has(protocol)
    ? await oneHandshake(context, first ?? (await dialOrNothing(context, dial)))
    : await lookAtTls(withDial(context, dial), first, { depth: 'brief' });
  return found && { ...found, facts: { ...found.facts, startTls: true } };
}

async function dialOrNothing(
  context: ProbeContext,
  dial: () => Promise<Connection>,
): Promise<Connection | undefined> {
  try {
    return await dial();
  } catch (error) {
    context.log.debug({ error }, 'no connection for a handshake inside a protocol');
    return undefined;
  }
}

/** Not spread alone: the waits of a timed context get shorter as time goes by. */
function withDial(context: ProbeContext, dial: () => Promise<Connection>): ProbeContext {
  return {
    ...context,
    dial,
    get answerTimeoutMs() {
      return context.answerTimeoutMs;
    },
    get greetingTimeoutMs() {
      return context.greetingTimeoutMs;
    },
  };
}

async function oneHandshake(
  context: ProbeContext,
  connection: Connection | undefined,
): Promise<TlsLook | undefined> {
  if (connection === undefined) return undefined;
  try {
    const { tls } = await openTls(context, connection);
    return { facts: handshakeFacts(tls), evidence: [] };
  } catch (error) {
    context.log.debug({ error }, 'tls handshake inside a protocol failed');
    return undefined;
  } finally {
    connection.close();
  }
}
