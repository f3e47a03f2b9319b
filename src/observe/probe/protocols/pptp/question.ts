import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { encodeStartRequest, parseStartReply, type StartReply } from './packets.ts';

/**
 * PPTP (RFC 2637): the request that opens the control connection, and the reply; no call is made, the connection is closed.
 * Its log-in (MS-CHAP v2) can be broken by whoever listens (Marlinspike and Ray, 2012), which the answer does not show.
 *
 * Fields: host-name, vendor, firmware (a number of the maker) · result (only when it is not 1: done). Access: turned-away
 * for result 4 (not authorised).
 */
export const pptpQuestion: TcpQuestion = {
  protocol: 'pptp',
  ports: [1723],
  elsewhere: 'never',
  read(received) {
    const reply = parseStartReply(received);
    return reply === undefined || reply === 'more' ? undefined : factsOf(reply);
  },
  async ask(line) {
    const reply = await line.exchange(encodeStartRequest(), parseStartReply);
    return reply === undefined ? undefined : factsOf(reply);
  },
};

function factsOf({ result, firmware, hostName, vendor }: StartReply): ProtocolFacts {
  return {
    name: 'pptp',
    access: result === 4 ? 'turned-away' : 'unknown',
    ...(vendor === '' ? {} : { product: vendor }),
    fields: [
      ...(hostName === '' ? [] : ([['host-name', hostName]] as [string, string][])),
      ...(vendor === '' ? [] : ([['vendor', vendor]] as [string, string][])),
      ['firmware', String(firmware)],
      ...(result === 1 ? [] : ([['result', String(result)]] as [string, string][])),
    ],
    concerns: [],
  };
}
