import type { HttpFacts, ProtocolFacts } from '../../../../model/facts.ts';
import { ntlmFields } from '../../ntlm.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { encodeRequest, parseAnswer, type WindowsAnswer, type WindowsRequest } from './packets.ts';

const PATH = '/wsman';

/** wsmid:Identify (DSP0226 §11), with the header by which Windows and its kin answer it to who did not log in (MS-WSMV 3.1.4.1). */
const IDENTIFY: WindowsRequest = {
  method: 'POST',
  path: PATH,
  headers: ['WSMANIDENTIFY: unauthenticated', 'Content-Type: application/soap+xml;charset=UTF-8'],
  body:
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" ' +
    'xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">' +
    '<s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>',
};

/**
 * WS-Management, that is WinRM on Windows: who are you, and the NTLM challenge. Nobody logs in.
 *
 * Product and version are ProductVendor and ProductVersion of the answer ("OS: 0.0.0 SP: 0.0 Stack: 3.0" of Windows).
 * Fields: protocol-version, server, auth-scheme (one each), those of `ntlmFields`.
 */
export const wsmanQuestion: TcpQuestion = {
  protocol: 'wsman',
  ports: [5985],
  tlsPorts: [5986],
  elsewhere: 'never',
  besideWeb: isLikely,
  read: (received) => {
    const answer = parseAnswer(received);
    return answer === 'more' || answer === undefined ? undefined : describe(answer, undefined, false);
  },
  ask,
};

/** WinRM may share port 80 or 443 with other sites of HTTP.SYS. */
function isLikely({ answers }: HttpFacts): boolean {
  return answers.some(
    ({ path, status, headers }) =>
      path.startsWith(PATH) &&
      (status === 401 || status === 405) &&
      headers.some(([name, value]) => /^server$/i.test(name) && /^Microsoft-HTTPAPI\//i.test(value)),
  );
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const identity = await line.exchange(encodeRequest(line, IDENTIFY), parseAnswer);
  if (identity === undefined) return undefined;
  line.again();
  const refusal = await line.exchange(
    encodeRequest(line, { method: 'POST', path: PATH }, 'Negotiate'),
    parseAnswer,
  );
  return describe(identity, refusal, !line.isTls);
}

const ANSWERED = /<(?:\w{1,32}:)?IdentifyResponse\b/;
/** The realm of WinRM's own Basic log-in. */
const WSMAN_REALM = /^Basic {1,4}realm="WSMAN"/i;

/** undefined unless the identity came, or a refusal that only WinRM words so. */
function describe(
  identity: WindowsAnswer,
  refusal: WindowsAnswer | undefined,
  isBare: boolean,
): ProtocolFacts | undefined {
  const schemes = [...new Set([...identity.schemes, ...(refusal?.schemes ?? [])])];
  const isIdentified = identity.status === 200 && ANSWERED.test(identity.body);
  if (!isIdentified && !schemes.some((scheme) => WSMAN_REALM.test(scheme))) return undefined;
  const product = elementOf(identity.body, 'ProductVendor');
  const version = elementOf(identity.body, 'ProductVersion');
  return {
    name: 'wsman',
    access: 'password',
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
    fields: [
      ...fieldsOf(
        ['protocol-version', elementOf(identity.body, 'ProtocolVersion')],
        ['server', identity.server],
        ...schemes.map((scheme) => ['auth-scheme', scheme] as const),
      ),
      ...(refusal?.challenge === undefined ? [] : ntlmFields(refusal.challenge)),
    ],
    concerns:
      isBare && schemes.some((scheme) => /^Basic\b/i.test(scheme)) ? ['cleartext-password-offered'] : [],
  };
}

function elementOf(
  body: string,
  name: 'ProductVendor' | 'ProductVersion' | 'ProtocolVersion',
): string | undefined {
  const text = ELEMENTS[name].exec(body)?.[1];
  return text === undefined ? undefined : bounded(text);
}

const ELEMENTS = {
  ProductVendor: /<(?:\w{1,32}:)?ProductVendor>([^<]{1,200})</,
  ProductVersion: /<(?:\w{1,32}:)?ProductVersion>([^<]{1,200})</,
  ProtocolVersion: /<(?:\w{1,32}:)?ProtocolVersion>([^<]{1,200})</,
} as const;
