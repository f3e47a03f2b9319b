import type { ProtocolFacts } from '../../../../model/facts.ts';
import { encodeNtlmNegotiate, ntlmFields, parseNtlmChallenge, type NtlmChallenge } from '../../ntlm.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import {
  ROOT_ATTRIBUTES,
  entryFacts,
  isRootEntry,
  offersCleartextPassword,
  valuesOf,
  withConcerns,
} from './facts.ts';
import {
  RESULT,
  encodeBaseSearch,
  encodeSaslBind,
  encodeStartTls,
  parseResponse,
  parseSearchAnswer,
  readLdap,
  type Attributes,
  type SearchAnswer,
} from './packets.ts';

/**
 * LDAP (RFC 4511): the root entry without a bind; one entry of the first naming context, by name alone, to see whether
 * strangers are served; StartTLS; of Active Directory the NTLM challenge. No name, no password.
 *
 * Fields: object-class, vendor-name, vendor-version, naming-context, default-naming-context, root-domain-naming-context,
 * dns-host-name, server-name, domain-functionality, forest-functionality, domain-controller-functionality,
 * global-catalog-ready, current-time (as the server writes it), ldap-version, sasl-mechanism, capability (object
 * identifiers of MS-ADTS 3.1.1.3.4.3), directory-tree-name, ibm-directory-version; result (code of the refused root
 * search), diagnostic; anonymous-read (yes, no), start-tls (works, refused, failed); those of `ntlmFields`.
 */
export const ldapQuestion: TcpQuestion = {
  protocol: 'ldap',
  ports: [389, 3268],
  tlsPorts: [636, 3269],
  elsewhere: 'ask',
  read: readAnswer,
  ask,
};

/** What an answer to anybody's question says: a root entry, or a result that only LDAP words so. */
export function readAnswer(received: Uint8Array): ProtocolFacts | undefined {
  const answer = readLdap(received);
  if (answer?.entry !== undefined) return isRootEntry(answer.entry) ? entryFacts(answer.entry) : undefined;
  if (answer?.result === undefined) return undefined;
  return refusalFacts(answer.result);
}

function refusalFacts({
  resultCode,
  diagnostic,
}: {
  readonly resultCode: number;
  readonly diagnostic: string;
}): ProtocolFacts {
  const fields: [string, string][] = [['result', String(resultCode)]];
  if (diagnostic !== '') fields.push(['diagnostic', bounded(diagnostic)]);
  return { name: 'ldap', access: 'unknown', fields, concerns: [] };
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const first = await searchRoot(line, 1);
  if (first === undefined) return undefined;
  const plain = { root: first, anonymous: await readsAnonymously(line, first.entry) };
  const startTls = line.isTls ? undefined : await tryStartTls(line);
  const wantsTls = first.resultCode === RESULT.confidentialityRequired && startTls === 'works';
  const sealed = wantsTls ? await searchRoot(line, 4) : undefined;
  const { root, anonymous } =
    sealed === undefined ? plain : { root: sealed, anonymous: await readsAnonymously(line, sealed.entry) };
  if (startTls !== undefined && startTls !== 'works') line.again();
  const challenge = await askNtlm(line, root.entry);
  return describe({ root, anonymous, startTls, challenge, isSealed: line.isTls || sealed !== undefined });
}

async function searchRoot(line: TcpLine, id: number): Promise<SearchAnswer | undefined> {
  const request = encodeBaseSearch(id, '', ROOT_ATTRIBUTES);
  return line.exchange(request, (received) => parseSearchAnswer(received, id));
}

/** Whether an entry comes to who did not log in. undefined: there is nothing to ask for, or the server says it is not there. */
async function readsAnonymously(line: TcpLine, root: Attributes | undefined): Promise<boolean | undefined> {
  if (root === undefined) return undefined;
  const context = valuesOf(root, 'defaultNamingContext')[0] ?? valuesOf(root, 'namingContexts').find(Boolean);
  if (context === undefined) return undefined;
  const answer = await line.exchange(encodeBaseSearch(2, context, ['1.1']), (received) =>
    parseSearchAnswer(received, 2),
  );
  if (answer === undefined) return undefined;
  if (answer.entry !== undefined) return true;
  // What is missing and what is hidden look alike: noSuchObject tells nothing.
  return wantsLogIn(answer) ? false : undefined;
}

/** strongerAuthRequired, inappropriateAuthentication, insufficientAccessRights. */
const LOG_IN_FIRST: ReadonlySet<number> = new Set([8, 48, 50]);
/** Active Directory, Samba and OpenLDAP say so in the words that go with operationsError. */
const LOG_IN_WORDS = /\bbind\b|authenticat/i;

function wantsLogIn({ resultCode, diagnostic }: SearchAnswer): boolean {
  return (
    LOG_IN_FIRST.has(resultCode) || (resultCode === RESULT.operationsError && LOG_IN_WORDS.test(diagnostic))
  );
}

type StartTls = 'works' | 'refused' | 'failed';

async function tryStartTls(line: TcpLine): Promise<StartTls | undefined> {
  const answer = await line.exchange(encodeStartTls(3), (received) => parseResponse(received, 3));
  if (answer === undefined) return undefined;
  if (answer.resultCode !== RESULT.success) return 'refused';
  return (await line.startTls()) ? 'works' : 'failed';
}

/** Object identifiers by which a server says that it is Active Directory, or its lightweight form. */
const DIRECTORY_CAPABILITIES = ['1.2.840.113556.1.4.800', '1.2.840.113556.1.4.1851'];

async function askNtlm(line: TcpLine, root: Attributes | undefined): Promise<NtlmChallenge | undefined> {
  const capabilities = root === undefined ? [] : valuesOf(root, 'supportedCapabilities');
  if (!DIRECTORY_CAPABILITIES.some((capability) => capabilities.includes(capability))) return undefined;
  return line.exchange(encodeSaslBind(5, 'GSS-SPNEGO', encodeNtlmNegotiate()), (received) => {
    const reading = parseResponse(received, 5);
    return reading === 'more' || reading === undefined ? reading : parseNtlmChallenge(received);
  });
}

interface Learnt {
  readonly root: SearchAnswer;
  readonly anonymous: boolean | undefined;
  readonly startTls: StartTls | undefined;
  readonly challenge: NtlmChallenge | undefined;
  /** The root entry came inside TLS. */
  readonly isSealed: boolean;
}

function describe({ root, anonymous, startTls, challenge, isSealed }: Learnt): ProtocolFacts {
  const facts = root.entry === undefined ? refusalFacts(root) : entryFacts(root.entry);
  // What the conversation learnt comes first: a root entry can be long.
  const fields = [
    ...fieldsOf(
      ['anonymous-read', anonymous === undefined ? undefined : anonymous ? 'yes' : 'no'],
      ['start-tls', startTls],
    ),
    ...(challenge === undefined ? [] : ntlmFields(challenge)),
    ...facts.fields,
  ];
  const isPasswordBare = !isSealed && root.entry !== undefined && offersCleartextPassword(root.entry);
  const isRefused = anonymous === false || wantsLogIn(root);
  const access = anonymous === true ? 'open' : isRefused ? 'password' : 'unknown';
  return withConcerns({ ...facts, access, fields }, [
    anonymous === true ? 'data-shown' : undefined,
    startTls === 'refused' ? 'clear-text' : undefined,
    isPasswordBare ? 'cleartext-password-offered' : undefined,
  ]);
}
