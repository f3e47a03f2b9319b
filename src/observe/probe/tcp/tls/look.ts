import type { Certificate, TlsFacts } from '../../../../model/facts.ts';
import type { Evidence } from '../../../../model/observation.ts';
import type { Connection } from '../../connection.ts';
import type { ProbeContext } from '../../probe.ts';
import { alertName, PROTOCOL_VERSION } from './alerts.ts';
import { askVersion, dialAndAsk, type VersionAnswer, type VersionQuestion } from './ask-version.ts';
import { certificateFacts, certificatesOf } from './certificate.ts';
import { cipherName, OLDEST_CIPHERS } from './ciphers.ts';
import { openTls, serverNameFor } from './open.ts';
import type { ServerFlight } from './server-hello.ts';
import { TLS10, TLS12, TLS13, versionName, VERSIONS } from './versions.ts';

export interface TlsLook {
  readonly facts: TlsFacts;
  readonly evidence: Evidence[];
}

/** What Node's stack made of the server. */
interface Handshake {
  readonly version: string | undefined;
  readonly cipher: string | undefined;
  readonly alpn: string | undefined;
  readonly certificates: Certificate[];
}

type VersionFact = TlsFacts['versions'][number];

/**
 * Looks at a TLS server: one hello first, to see whether it is one; then everything else at once. The first offers
 * up to TLS 1.2, because there certificate and CertificateRequest come in clear, even from devices whose keys and
 * ciphers no stack of today takes; what the server makes of it also tells which older versions need not be asked.
 *
 * @returns undefined when the peer does not speak TLS, or does not answer at all.
 */
export async function lookAtTls(context: ProbeContext, first?: Connection): Promise<TlsLook | undefined> {
  const serverName = serverNameFor(context.hostNames[0]);
  const opening = await open(context, serverName, first);
  if (opening === undefined) return undefined;
  const [ladder, withoutName, handshake] = await Promise.all([
    Promise.all(versionsToAsk(opening).map((version) => askOne(context, version, serverName))),
    serverName === null ? undefined : leafWithoutName(context, opening),
    shakeHands(context, serverName),
  ]);
  const versions = versionFacts(opening, ladder);
  const flights = [opening.flight, ...ladder.map(({ answer }) => answer?.flight)];
  const certificates = chainOf(flights, handshake);
  const negotiated = handshake ?? versions.findLast(({ accepted }) => accepted);
  const alert = alertOf(flights);
  const otherLeaf = withoutName?.leaf;
  const isOther = otherLeaf !== undefined && !certificates.some(({ sha256 }) => sha256 === otherLeaf.sha256);
  return {
    facts: {
      handshake: handshakeState(handshake, certificates, versions),
      ...present('version', negotiated?.version),
      ...present('cipher', negotiated?.cipher),
      ...present('alpn', handshake?.alpn),
      sni: serverName,
      certificates,
      versions,
      ...(isOther && { withoutSni: otherLeaf }),
      clientCertificateRequested: flights.some((flight) => flight?.certificateRequested),
      ...(handshake === undefined && present('alert', alert)),
    },
    evidence: [opening, ...ladder.map(({ answer }) => answer), withoutName?.answer]
      .filter((answer) => answer !== undefined)
      .map(({ evidence }) => evidence),
  };
}

interface Opening extends VersionAnswer {
  /** Highest version that was offered. */
  readonly offered: number;
}

async function open(
  context: ProbeContext,
  serverName: string | null,
  first: Connection | undefined,
): Promise<Opening | undefined> {
  const question: VersionQuestion = {
    version: TLS12,
    serverName,
    until: 'done',
    label: `tls hello up to ${versionName(TLS12)}`,
  };
  const answer =
    first === undefined ? await dialAndAsk(context, question) : await askVersion(context, question, first);
  if (answer?.flight.kind === 'tls') return { ...answer, offered: TLS12 };
  // Hung up on: it speaks something else, or is one of the old devices that do so at a long hello.
  if (answer?.flight.kind !== 'nothing' || answer.ended !== 'closed') return undefined;
  const shorter = await dialAndAsk(context, {
    version: TLS10,
    serverName: null,
    until: 'done',
    label: 'tls hello, short',
    ciphers: OLDEST_CIPHERS,
    extensions: false,
  });
  return shorter?.flight.kind === 'tls' ? { ...shorter, offered: TLS10 } : undefined;
}

/** A server takes the highest version it has up to the one offered (RFC 5246 §E.1), so those between are answered. */
function versionsToAsk({ flight, offered }: Opening): number[] {
  if (flight.hello !== undefined) {
    const chosen = flight.hello.version;
    return VERSIONS.filter((version) => version < chosen || version > offered);
  }
  // protocol_version means that even the highest offered is too low.
  if (flight.alert === PROTOCOL_VERSION) return VERSIONS.filter((version) => version > offered);
  return VERSIONS.filter((version) => version !== offered);
}

interface Rung {
  readonly version: number;
  readonly answer: VersionAnswer | undefined;
}

async function askOne(context: ProbeContext, version: number, serverName: string | null): Promise<Rung> {
  const label = `tls hello ${versionName(version)}`;
  return {
    version,
    answer: await dialAndAsk(context, {
      version,
      serverName,
      until: version === TLS13 ? 'done' : 'hello',
      label,
    }),
  };
}

function versionFacts(opening: Opening, ladder: readonly Rung[]): VersionFact[] {
  const facts = ladder.flatMap(({ version, answer }) => versionFact(version, answer));
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

/** Silence says nothing: such a version is left out, as if it had not been asked. */
function versionFact(version: number, answer: VersionAnswer | undefined): VersionFact[] {
  const name = versionName(version);
  if (answer === undefined) return [];
  const { hello, kind } = answer.flight;
  if (hello?.version === version)
    return [{ version: name, accepted: true, cipher: cipherName(hello.cipher) }];
  return kind === 'nothing' && answer.ended !== 'closed' ? [] : [{ version: name, accepted: false }];
}

/** Without a name most servers show their first certificate: often the device's own, which tells its maker. */
async function leafWithoutName(
  context: ProbeContext,
  opening: Opening,
): Promise<{ leaf: Certificate | undefined; answer?: VersionAnswer } | undefined> {
  // No certificate in clear with the name, hence none without it: a server of TLS 1.3 alone.
  if (opening.flight.certificates.length === 0) {
    const handshake = await shakeHands(context, null);
    return { leaf: handshake?.certificates[0] };
  }
  const label = 'tls hello without server name';
  const answer = await dialAndAsk(context, { version: TLS12, serverName: null, until: 'done', label });
  if (answer === undefined) return undefined;
  const leaf = answer.flight.certificates[0];
  const before = opening.flight.certificates[0];
  const isSame = leaf === undefined || (before !== undefined && Buffer.compare(leaf, before) === 0);
  return { leaf: isSame ? undefined : certificateFacts(leaf), answer };
}

async function shakeHands(context: ProbeContext, serverName: string | null): Promise<Handshake | undefined> {
  let connection: Connection | undefined;
  try {
    connection = await context.dial();
    const { tls } = await openTls(context, connection, { serverName, alpn: ['h2', 'http/1.1'] });
    return {
      version: tls.getProtocol() ?? undefined,
      cipher: tls.getCipher().standardName,
      alpn: typeof tls.alpnProtocol === 'string' ? tls.alpnProtocol : undefined,
      certificates: certificatesOf(tls),
    };
  } catch (error) {
    context.log.debug({ error }, 'tls handshake failed');
    return undefined;
  } finally {
    connection?.close();
  }
}

/** The chain as sent, of the hello that got the same leaf as Node: Node puts chains in order and leaves strays out. */
function chainOf(
  flights: readonly (ServerFlight | undefined)[],
  handshake: Handshake | undefined,
): Certificate[] {
  const shown = handshake?.certificates ?? [];
  const chains = flights.map((flight) => (flight?.certificates ?? []).map(certificateFacts));
  const sent = chains
    .map((chain) => chain.filter((one) => one !== undefined))
    .filter(([leaf]) => leaf !== undefined && (shown[0] === undefined || shown[0].sha256 === leaf.sha256));
  return sent[0] ?? shown;
}

function handshakeState(
  handshake: Handshake | undefined,
  certificates: readonly Certificate[],
  versions: readonly VersionFact[],
): TlsFacts['handshake'] {
  if (handshake !== undefined) return 'complete';
  return certificates.length > 0 || versions.some(({ accepted }) => accepted)
    ? 'certificate-only'
    : 'refused';
}

function alertOf(flights: readonly (ServerFlight | undefined)[]): string | undefined {
  const alert = flights.find((flight) => flight?.alert !== undefined)?.alert;
  return alert === undefined ? undefined : alertName(alert);
}

function present<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}
