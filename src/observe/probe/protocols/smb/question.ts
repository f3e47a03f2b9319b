import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import { encodeSpnegoNegotiate, ntlmFields, parseNtlmChallenge, type NtlmChallenge } from '../../ntlm.ts';
import type { Reading, TcpLine, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { encodeSessionRequest, frame, parseSessionResponse, unframe } from './framing.ts';
import * as smb1 from './smb1.ts';
import * as smb2 from './smb2.ts';

/** Where Windows wants a NetBIOS session before SMB. */
const SESSION_PORT = 139;

/**
 * SMB over direct TCP or a NetBIOS session: negotiation of SMB 2 and 3, the NTLM challenge of a session set-up that names
 * nobody, and on a connection of its own the negotiation of SMB1. Nobody logs in, not even anonymously.
 *
 * Fields: dialect ("3.1.1"), signing (required, enabled, disabled), encryption (offered, no), cipher, compression,
 * signing-algorithm, server-guid, server-guid-text, system-time, start-time (ISO-8601 UTC), netbios-session (accepted, or
 * why not); smb1 (accepted, refused, silent), smb1-signing, smb1-security (user, share), native-os, native-lan-manager;
 * those of `ntlmFields`.
 */
export const smbQuestion: TcpQuestion = {
  protocol: 'smb',
  ports: [445, 139],
  elsewhere: 'ask',
  read,
  ask,
};

/** An answer of either negotiation or session set-up, or a refused NetBIOS session. */
function read(received: Uint8Array): ProtocolFacts | undefined {
  const refusal = received.length === 5 ? parseSessionResponse(received) : undefined;
  if (refusal !== undefined) return describe({ session: refusal });
  const message = unframe(received);
  if (message === undefined || message === 'more') return undefined;
  const modern = smb2.parseNegotiateResponse(message);
  if (modern !== undefined) return describe({ modern });
  const old = smb1.parseNegotiateResponse(message);
  if (old !== undefined) return describe({ old });
  const oldSession = smb1.parseSessionSetupResponse(message);
  if (oldSession !== undefined) return describe({ oldSession });
  const answer = smb2.parseSessionSetupResponse(message);
  return answer === undefined ? undefined : describe({ challenge: parseNtlmChallenge(answer.token) });
}

interface Learnt {
  readonly session?: string | undefined;
  readonly modern?: smb2.Smb2Negotiation | undefined;
  readonly challenge?: NtlmChallenge | undefined;
  readonly old?: smb1.Smb1Negotiation | undefined;
  readonly oldSession?: smb1.Smb1Session | undefined;
  /** SMB1 was asked for; without an answer the server has not got it. */
  readonly isOldAsked?: boolean;
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const isSession = line.port === SESSION_PORT;
  const first = await negotiate(line, isSession);
  const { session, found: modern } =
    first.found === undefined && isSession ? await direct(line, first) : first;
  const challenge = modern === undefined ? undefined : await askChallenge(line);
  line.again();
  const { found: old, session: oldAccepted } = await openAnd(line, session === 'accepted', () =>
    exchange(line, smb1.encodeNegotiate(), smb1.parseNegotiateResponse),
  );
  if (modern === undefined && old === undefined) {
    const refusal = session ?? oldAccepted;
    return refusal === undefined || refusal === 'accepted' ? undefined : describe({ session: refusal });
  }
  const oldSession = await askOldSession(line, old);
  return describe({ session, modern, challenge, old, oldSession, isOldAsked: true });
}

interface Opened<T> {
  /** What became of the NetBIOS session; undefined: none was asked for, or nothing answered. */
  readonly session: string | undefined;
  readonly found: T | undefined;
}

/** Runs `go` on the line, behind a NetBIOS session when `isSession`. */
async function openAnd<T>(
  line: TcpLine,
  isSession: boolean,
  go: () => Promise<T | undefined>,
): Promise<Opened<T>> {
  if (!isSession) return { session: undefined, found: await go() };
  const session = await line.exchange(encodeSessionRequest(), parseSessionResponse);
  return { session, found: session === 'accepted' ? await go() : undefined };
}

function negotiate(line: TcpLine, isSession: boolean): Promise<Opened<smb2.Smb2Negotiation>> {
  return openAnd(line, isSession, () => exchange(line, smb2.encodeNegotiate(), smb2.parseNegotiateResponse));
}

/** Samba answers on port 139 without a session, whatever name it refused. */
async function direct(
  line: TcpLine,
  { session }: Opened<smb2.Smb2Negotiation>,
): Promise<Opened<smb2.Smb2Negotiation>> {
  line.again();
  const { found } = await negotiate(line, false);
  return { session, found };
}

function exchange<T>(
  line: TcpLine,
  request: Uint8Array,
  parse: (message: Uint8Array) => T | undefined,
): Promise<T | undefined> {
  return line.exchange(frame(request), (received): Reading<T> => {
    const message = unframe(received);
    return message === 'more' || message === undefined ? message : parse(message);
  });
}

async function askChallenge(line: TcpLine): Promise<NtlmChallenge | undefined> {
  const answer = await exchange(
    line,
    smb2.encodeSessionSetup(encodeSpnegoNegotiate()),
    smb2.parseSessionSetupResponse,
  );
  return answer?.status === smb2.MORE_PROCESSING_REQUIRED ? parseNtlmChallenge(answer.token) : undefined;
}

async function askOldSession(
  line: TcpLine,
  old: smb1.Smb1Negotiation | undefined,
): Promise<smb1.Smb1Session | undefined> {
  // Without extended security the first message would have to carry a user.
  if (old?.extendedSecurity !== true) return undefined;
  return exchange(line, smb1.encodeSessionSetup(encodeSpnegoNegotiate()), smb1.parseSessionSetupResponse);
}

function describe(learnt: Learnt): ProtocolFacts {
  const { modern, old, oldSession, session } = learnt;
  const challenge =
    learnt.challenge ?? (oldSession === undefined ? undefined : parseNtlmChallenge(oldSession.token));
  const named = challenge === undefined ? [] : ntlmFields(challenge);
  const fields = fieldsOf(
    ...(modern === undefined ? [] : modernFields(modern)),
    ['netbios-session', session],
    ['smb1', oldState(learnt)],
    ['smb1-signing', old?.signing],
    ['smb1-security', old?.security],
    ['native-os', oldSession?.nativeOs],
    ['native-lan-manager', oldSession?.nativeLanManager],
    // The time of the negotiation is the same one.
    ...named.filter(([name]) => name !== 'system-time' || modern?.systemTime === undefined),
  );
  return {
    name: 'smb',
    access: 'unknown',
    ...productOf(oldSession),
    fields,
    concerns: concernsOf(learnt),
  };
}

function modernFields(modern: smb2.Smb2Negotiation): [string, string | undefined][] {
  return [
    ['dialect', modern.dialect],
    ['signing', modern.signingRequired ? 'required' : 'enabled'],
    ['encryption', modern.encryption ? 'offered' : 'no'],
    ['cipher', modern.cipher],
    ['compression', modern.compression],
    ['signing-algorithm', modern.signingAlgorithm],
    ['server-guid', modern.serverGuid],
    ['server-guid-text', modern.serverGuidText],
    ['system-time', modern.systemTime],
    ['start-time', modern.startTime],
  ];
}

function oldState({ old, oldSession, isOldAsked }: Learnt): string | undefined {
  if (old !== undefined) return old.accepted ? 'accepted' : 'refused';
  if (oldSession !== undefined) return 'accepted';
  return isOldAsked === true ? 'silent' : undefined;
}

/** "Samba 4.17.12-Debian" is product and version; Windows names itself in the other text. */
function productOf(session: smb1.Smb1Session | undefined): Pick<ProtocolFacts, 'product' | 'version'> {
  const samba = /^(Samba) (\S{1,60})/.exec(session?.nativeLanManager ?? '');
  const [, product, version] = samba ?? [];
  if (product !== undefined && version !== undefined) return { product, version: bounded(version) };
  return session?.nativeOs === undefined ? {} : { product: bounded(session.nativeOs) };
}

function concernsOf({ modern, old, oldSession }: Learnt): Concern[] {
  const isOldAccepted = old?.accepted === true || oldSession !== undefined;
  const isUnsigned =
    modern?.signingRequired === false || (old?.accepted === true && old.signing !== 'required');
  return [
    ...(isOldAccepted ? (['smb1'] as const) : []),
    ...(isUnsigned ? (['signing-not-required'] as const) : []),
  ];
}
