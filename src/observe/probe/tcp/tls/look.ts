import type { Certificate, TlsFacts } from '../../../../model/facts.ts';
import type { Evidence } from '../../../../model/observation.ts';
import type { Connection } from '../../connection.ts';
import type { ProbeContext } from '../../probe.ts';
import { alertName } from './alerts.ts';
import { askJarm } from './ask-jarm.ts';
import { dialAndAsk, isSlow, type VersionAnswer } from './ask-version.ts';
import { certificateFacts } from './certificate.ts';
import { shakeHands, type Handshake } from './handshake.ts';
import {
  climb,
  isSilent,
  openLadder,
  versionFacts,
  versionsToAsk,
  type Opening,
  type Rung,
} from './ladder.ts';
import { serverNameFor } from './open.ts';
import type { ServerFlight, ServerHello } from './server-hello.ts';
import { serverForm } from './server-form.ts';
import { askSsl2, type Ssl2Look } from './ssl2-look.ts';
import { SSL2, SSL3, TLS10, TLS12, versionName, VERSIONS } from './versions.ts';
import { askWeakCiphers } from './weak-ciphers.ts';

export interface TlsLook {
  readonly facts: TlsFacts;
  readonly evidence: Evidence[];
}

export interface LookOptions {
  /**
   * brief: versions, certificate and client certificate alone, at most six connections; for protocols in which every one
   * costs a conversation (STARTTLS).
   */
  readonly depth?: 'full' | 'brief';
  /** Ten connections more. */
  readonly jarm?: boolean;
}

/** So many silent answers, and a slow or tired server is asked no more. */
const SILENT_ANSWERS_BEFORE_GIVING_UP = 2;
const RENEGOTIATION_INFO = 0xff01;

/**
 * Looks at a TLS server: one hello first, to see whether it is one; then everything else at once; then, of a server that
 * answered, what weak suites it takes. The first offers up to TLS 1.2, because there certificate and CertificateRequest come
 * in clear, even from devices whose keys and ciphers no stack of today takes; what the server makes of it also tells
 * which older versions need not be asked. A server of today costs eight connections (nine with a name), an old one twelve.
 *
 * @returns undefined when the peer does not speak TLS, or does not answer at all.
 */
export async function lookAtTls(
  context: ProbeContext,
  first?: Connection,
  options: LookOptions = {},
): Promise<TlsLook | undefined> {
  const serverName = serverNameFor(context.hostNames[0]);
  const isBrief = options.depth === 'brief';
  const opening = await openLadder(context, serverName, first);
  if (opening === 'hung-up' && !isBrief) return onlySsl2(context);
  if (typeof opening === 'string') return undefined;

  const rungs = Promise.all(versionsToAsk(opening).map((version) => climb(context, version, serverName)));
  const requested = rungs.then((done) =>
    requestingHello([opening.flight, ...done.map(({ answer }) => answer?.flight)]),
  );
  const [ladder, withoutName, { handshake, certificateRequired }] = await Promise.all([
    rungs,
    serverName === null || isBrief ? undefined : leafWithoutName(context, opening),
    shakeHands(context, serverName, requested),
  ]);

  const versions = versionFacts(opening, ladder);
  const isTired = isSlow(opening) || ladder.filter(isSilent).length >= SILENT_ANSWERS_BEFORE_GIVING_UP;
  const more = isBrief || isTired ? undefined : await lookDeeper(context, versions, serverName, options);
  return {
    facts: factsOf({
      opening,
      ladder,
      versions: [...ssl2Fact(more?.ssl2), ...versions],
      handshake,
      serverName,
      otherLeaf: withoutName?.leaf,
      certificateRequested: (await requested) !== undefined,
      certificateRequired,
      more,
    }),
    evidence: [opening, ...ladder.map(({ answer }) => answer), withoutName?.answer]
      .filter((answer) => answer !== undefined)
      .map(({ evidence }) => evidence)
      .concat(more?.evidence ?? []),
  };
}

interface Gathered {
  readonly opening: Opening;
  readonly ladder: readonly Rung[];
  readonly versions: TlsFacts['versions'];
  readonly handshake: Handshake | undefined;
  readonly serverName: string | null;
  readonly otherLeaf: Certificate | undefined;
  readonly certificateRequested: boolean;
  readonly certificateRequired: boolean | undefined;
  readonly more: DeeperLook | undefined;
}

function factsOf(gathered: Gathered): TlsFacts {
  const { opening, ladder, versions, handshake, otherLeaf, more } = gathered;
  const flights = [opening.flight, ...ladder.map(({ answer }) => answer?.flight)];
  const certificates = chainOf(flights, handshake);
  const negotiated = handshake ?? versions.findLast(({ accepted }) => accepted);
  const isOther = otherLeaf !== undefined && !certificates.some(({ sha256 }) => sha256 === otherLeaf.sha256);
  const state = handshakeState(handshake, certificates, versions);
  const form = new Map(ladder.map(({ version, answer }) => [version, answer]));
  return {
    handshake: state,
    ...present('version', negotiated?.version),
    ...present('cipher', negotiated?.cipher),
    ...present('alpn', handshake?.alpn),
    sni: gathered.serverName,
    certificates,
    versions,
    ...(isOther && { withoutSni: otherLeaf }),
    ...present('weakCiphers', more?.weakCiphers),
    ...present('secureRenegotiation', secureRenegotiation(flights)),
    clientCertificateRequested: gathered.certificateRequested,
    ...present('clientCertificateRequired', gathered.certificateRequired),
    ...present('serverForm', serverForm(form.set(opening.offered, opening))),
    ...present('jarm', more?.jarm),
    ...(state === 'refused' && present('alert', alertOf(flights))),
  };
}

/** The newest hello of a flight that asked for a certificate of ours. */
function requestingHello(flights: readonly (ServerFlight | undefined)[]): ServerHello | undefined {
  return flights.findLast((flight) => flight?.certificateRequested)?.hello;
}

interface DeeperLook {
  readonly weakCiphers: TlsFacts['weakCiphers'];
  readonly ssl2: Ssl2Look | undefined;
  readonly jarm: string | undefined;
  readonly evidence: Evidence[];
}

async function lookDeeper(
  context: ProbeContext,
  seen: TlsFacts['versions'],
  serverName: string | null,
  { jarm: isJarmWanted = false }: LookOptions,
): Promise<DeeperLook> {
  const names = new Set(seen.filter(({ accepted }) => accepted).map(({ version }) => version));
  const taken = VERSIONS.filter((version) => version <= TLS12 && names.has(versionName(version)));
  // Stacks that still have SSLv2 have these as well.
  const isOld = taken.includes(SSL3) || taken.includes(TLS10);
  const [weak, ssl2] = await Promise.all([
    askWeakCiphers(context, taken, serverName),
    isOld ? askSsl2(context) : undefined,
  ]);
  return {
    weakCiphers: weak.weakCiphers,
    ssl2,
    jarm: isJarmWanted ? await askJarm(context) : undefined,
    evidence: [...weak.answers, ssl2].flatMap((answer) => (answer === undefined ? [] : [answer.evidence])),
  };
}

function ssl2Fact(look: Ssl2Look | undefined): TlsFacts['versions'] {
  if (look === undefined) return [];
  if (look.answer === false) return [{ version: versionName(SSL2), accepted: false }];
  return [{ version: versionName(SSL2), accepted: true, ...present('cipher', look.answer.ciphers[0]) }];
}

/** For the server that hangs up at every newer hello. */
async function onlySsl2(context: ProbeContext): Promise<TlsLook | undefined> {
  const look = await askSsl2(context);
  if (look === undefined || look.answer === false) return undefined;
  const leaf = look.answer.certificate && certificateFacts(look.answer.certificate);
  return {
    facts: {
      handshake: 'certificate-only',
      version: versionName(SSL2),
      ...present('cipher', look.answer.ciphers[0]),
      sni: null,
      certificates: leaf === undefined ? [] : [leaf],
      versions: ssl2Fact(look),
      clientCertificateRequested: false,
    },
    evidence: [look.evidence],
  };
}

/** Our hellos carry the signal of RFC 5746 §3.3, to which a server that knows it must answer with the extension. */
function secureRenegotiation(flights: readonly (ServerFlight | undefined)[]): boolean | undefined {
  const hello = flights.find((flight) => flight?.hello !== undefined && flight.hello.version <= TLS12)?.hello;
  return hello?.extensions.includes(RENEGOTIATION_INFO);
}

/** Without a name most servers show their first certificate: often the device's own, which tells its maker. */
async function leafWithoutName(
  context: ProbeContext,
  opening: Opening,
): Promise<{ leaf: Certificate | undefined; answer?: VersionAnswer } | undefined> {
  // No certificate in clear with the name, hence none without it: a server of TLS 1.3 alone.
  if (opening.flight.certificates.length === 0) {
    const { handshake } = await shakeHands(context, null, Promise.resolve(undefined));
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
  versions: TlsFacts['versions'],
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

function present<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: T });
}
