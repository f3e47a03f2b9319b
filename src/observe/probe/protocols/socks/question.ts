import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { encodeMethods, methodName, NO_AUTHENTICATION, parseSelection } from './packets.ts';

const PASSWORD = 0x02;
const GSSAPI = 0x01;

/**
 * SOCKS 5 by its method negotiation (RFC 1928 §3), and nothing after it: no user, no connection to anybody. "No authentication" is
 * offered alone first; when it is not acceptable, password and GSSAPI on a second connection. An answer of two octets proves little by itself:
 * it counts only to these very questions, and on unknown ports only when the server refuses a method that no server knows. SOCKS 4 has
 * no negotiation: it cannot be told without asking for a connection, and is not asked.
 *
 * Fields: `socks` ("5"), `method` (selected), `refused` (methods that were offered in vain).
 */
export const socksQuestion: TcpQuestion = {
  protocol: 'socks',
  ports: [1080, 1081, 1085, 4145, 9050, 10_800, 10_808],
  elsewhere: 'ask',
  // Two octets of a stranger: 05 00 begins many things.
  read: () => undefined,
  ask,
};

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const open = await line.exchange(encodeMethods(NO_AUTHENTICATION), parseSelection);
  if (open === undefined || (open !== NO_AUTHENTICATION && open !== 'none-acceptable')) return undefined;
  if (!(await selectsByOffer(line))) return undefined;
  if (open === NO_AUTHENTICATION) return toFacts(NO_AUTHENTICATION, []);
  line.again();
  const other = await line.exchange(encodeMethods(GSSAPI, PASSWORD), parseSelection);
  return toFacts(typeof other === 'number' ? other : undefined, [NO_AUTHENTICATION]);
}

/** Assigned to nobody (IANA: 0x09–0x7f). A server that reads its offers must refuse it; one that always says 05 00 is no SOCKS server. */
const UNASSIGNED = 0x5a;

async function selectsByOffer(line: TcpLine): Promise<boolean> {
  line.again();
  return (await line.exchange(encodeMethods(UNASSIGNED), parseSelection)) === 'none-acceptable';
}

function toFacts(method: number | undefined, refused: readonly number[]): ProtocolFacts {
  const isOpen = method === NO_AUTHENTICATION;
  return {
    name: 'socks',
    access: accessOf(method),
    fields: [
      ['socks', '5'],
      ...(method === undefined ? [] : [['method', methodName(method)] as [string, string]]),
      ...refused.map((one) => ['refused', methodName(one)] as [string, string]),
    ],
    concerns: isOpen ? ['no-authentication-type'] : method === PASSWORD ? ['cleartext-password-offered'] : [],
  };
}

function accessOf(method: number | undefined): ProtocolFacts['access'] {
  if (method === NO_AUTHENTICATION) return 'open';
  return method === undefined ? 'turned-away' : 'password';
}
