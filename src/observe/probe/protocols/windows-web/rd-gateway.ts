import { randomUUID } from 'node:crypto';
import type { HttpFacts, ProtocolFacts } from '../../../../model/facts.ts';
import { ntlmFields } from '../../ntlm.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeRequest, parseAnswer, type WindowsAnswer } from './packets.ts';

const PATH = '/remoteDesktopGateway/';
const METHOD = 'RDG_OUT_DATA';

/**
 * Remote Desktop Gateway (MS-TSGU 3.3.5.1): the opening of its HTTP channel with the first step of NTLM, and the same
 * for a path that cannot be. It is one when only the first is refused for want of a log-in. The channel never comes about.
 *
 * Fields: server, auth-scheme (one each), those of `ntlmFields`.
 */
export const rdGatewayQuestion: TcpQuestion = {
  protocol: 'rd-gateway',
  ports: [],
  elsewhere: 'never',
  besideWeb: isLikely,
  // A refusal alone is no proof: any site of Windows that wants a log-in sends it.
  read: () => undefined,
  ask,
};

/** Behind HTTP.SYS, whichever site answers at the root of the same port. */
function isLikely({ scheme, answers }: HttpFacts): boolean {
  return (
    scheme === 'https' &&
    answers.some(({ headers }) =>
      headers.some(([name, value]) => /^server$/i.test(name) && /^Microsoft-(?:HTTPAPI|IIS)\//i.test(value)),
    )
  );
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  if (!line.isTls) return undefined;
  const gateway = await open(line, PATH);
  if (gateway === undefined || !isRefusal(gateway)) return undefined;
  line.again();
  const control = await open(line, `/sekisho-control-${randomUUID()}/`);
  if (control === undefined || isRefusal(control)) return undefined;
  const { server, schemes, challenge } = gateway;
  return {
    name: 'rd-gateway',
    access: 'password',
    fields: [
      ...fieldsOf(['server', server], ...schemes.map((scheme) => ['auth-scheme', scheme] as const)),
      ...(challenge === undefined ? [] : ntlmFields(challenge)),
    ],
    concerns: [],
  };
}

function open(line: TcpLine, path: string): Promise<WindowsAnswer | undefined> {
  const headers = [
    `RDG-Connection-Id: {${randomUUID().toUpperCase()}}`,
    'Accept: */*',
    'Cache-Control: no-cache',
  ];
  return line.exchange(encodeRequest(line, { method: METHOD, path, headers }, 'NTLM'), parseAnswer);
}

/** HTTP.SYS answers for the gateway itself; IIS would sign its own refusals. */
function isRefusal({ status, server, schemes }: WindowsAnswer): boolean {
  return status === 401 && /^Microsoft-HTTPAPI\//i.test(server) && schemes.length > 0;
}
