import type { TlsFacts } from '../../../../model/facts.ts';
import type { Connection } from '../../connection.ts';
import type { ProbeContext } from '../../probe.ts';
import { PROTOCOL_VERSION } from './alerts.ts';
import { askVersion, dialAndAsk, type VersionAnswer, type VersionQuestion } from './ask-version.ts';
import { cipherName, OLDEST_CIPHERS } from './ciphers.ts';
import { TLS10, TLS12, TLS13, versionName, VERSIONS } from './versions.ts';

export type VersionFact = TlsFacts['versions'][number];

export interface Opening extends VersionAnswer {
  /** Highest version that was offered. */
  readonly offered: number;
}

/** One version, asked on a connection of its own. */
export interface Rung {
  readonly version: number;
  readonly answer: VersionAnswer | undefined;
}

/** @returns not-tls: it speaks, and something else, or says nothing · hung-up: it ended the connection at both hellos. */
export async function openLadder(
  context: ProbeContext,
  serverName: string | null,
  first: Connection | undefined,
): Promise<Opening | 'not-tls' | 'hung-up'> {
  const question: VersionQuestion = {
    version: TLS12,
    serverName,
    until: 'done',
    label: `tls hello up to ${versionName(TLS12)}`,
  };
  const answer =
    first === undefined ? await dialAndAsk(context, question) : await askVersion(context, question, first);
  if (answer?.flight.kind === 'tls') return { ...answer, offered: TLS12 };
  if (!isHungUp(answer)) return 'not-tls';
  // It speaks something else, or is one of the old devices that hang up at a long hello.
  const shorter = await dialAndAsk(context, {
    version: TLS10,
    serverName: null,
    until: 'done',
    label: 'tls hello, short',
    ciphers: OLDEST_CIPHERS,
    extensions: false,
  });
  if (shorter?.flight.kind === 'tls') return { ...shorter, offered: TLS10 };
  return isHungUp(shorter) ? 'hung-up' : 'not-tls';
}

function isHungUp(answer: VersionAnswer | undefined): boolean {
  return answer?.flight.kind === 'nothing' && answer.ended === 'closed';
}

/** A server takes the highest version it has up to the one offered (RFC 5246 §E.1), so those between are answered. */
export function versionsToAsk({ flight, offered }: Opening): number[] {
  if (flight.hello !== undefined) {
    const chosen = flight.hello.version;
    return VERSIONS.filter((version) => version < chosen || version > offered);
  }
  // protocol_version means that even the highest offered is too low.
  if (flight.alert === PROTOCOL_VERSION) return VERSIONS.filter((version) => version > offered);
  return VERSIONS.filter((version) => version !== offered);
}

export async function climb(
  context: ProbeContext,
  version: number,
  serverName: string | null,
): Promise<Rung> {
  const label = `tls hello ${versionName(version)}`;
  const until = version === TLS13 ? 'done' : 'hello';
  return { version, answer: await dialAndAsk(context, { version, serverName, until, label }) };
}

/** Nothing came in time, or no connection could be had. */
export function isSilent({ answer }: Rung): boolean {
  return answer === undefined || (answer.flight.kind === 'nothing' && answer.ended !== 'closed');
}

/** Ascending, without SSLv2. Silence says nothing: such a version is left out, as if it had not been asked. */
export function versionFacts(opening: Opening, ladder: readonly Rung[]): VersionFact[] {
  const facts = ladder.flatMap(versionFact);
  const { hello, alert } = opening.flight;
  const known = new Set(facts.map(({ version }) => version));
  for (const version of VERSIONS.filter((one) => one <= opening.offered)) {
    const name = versionName(version);
    if (known.has(name)) continue;
    if (hello?.version === version)
      facts.push({ version: name, accepted: true, cipher: cipherName(hello.cipher) });
    else if (ladder.every((rung) => rung.version !== version) && (hello !== undefined || alert !== undefined))
      facts.push({ version: name, accepted: false });
  }
  return facts.toSorted((a, b) => order(a) - order(b));
}

function order({ version }: VersionFact): number {
  return VERSIONS.findIndex((number) => versionName(number) === version);
}

function versionFact(rung: Rung): VersionFact[] {
  const name = versionName(rung.version);
  const hello = rung.answer?.flight.hello;
  if (hello?.version === rung.version)
    return [{ version: name, accepted: true, cipher: cipherName(hello.cipher) }];
  return isSilent(rung) ? [] : [{ version: name, accepted: false }];
}
