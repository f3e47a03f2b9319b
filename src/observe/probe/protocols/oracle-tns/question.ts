import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeConnect, parseTns, type TnsAnswer, versionOf } from './packets.ts';

/**
 * Oracle's listener by a CONNECT to a service that does not exist: the refusal carries the listener's version. Nobody is named;
 * the log-in would come after a service was accepted.
 *
 * Fields: `error` (ORA or TNS number of the refusal: 12514 no such service, 1189 …), `answer` (refuse, redirect, resend, accept).
 */
export const oracleTnsQuestion: TcpQuestion = {
  protocol: 'oracle-tns',
  ports: [1521, 1522, 1525, 1526, 1527, 1529],
  tlsPorts: [2484],
  elsewhere: 'ask',
  read: (received) => {
    const answer = parseTns(received);
    // RESEND is eight bytes that say nothing of Oracle.
    return answer === undefined || answer === 'more' || answer.kind === 'resend'
      ? undefined
      : factsOf(answer);
  },
  ask,
};

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const first = await line.exchange(encodeConnect(), parseTns);
  if (first === undefined) return undefined;
  // Listeners from 11 on ask to have the first packet once more.
  const answer = first.kind === 'resend' ? await line.exchange(encodeConnect(), parseTns) : first;
  return factsOf(answer ?? first);
}

function factsOf(answer: TnsAnswer): ProtocolFacts {
  const text = 'text' in answer ? answer.text : '';
  const number = /\(VSNNUM\s{0,3}=\s{0,3}(\d{1,10})\)/i.exec(text)?.[1];
  const version = number === undefined ? undefined : versionOf(Number(number));
  return {
    name: 'oracle-tns',
    access: 'unknown',
    ...(version === undefined ? {} : { version }),
    fields: fieldsOf(['answer', answer.kind], ['error', /\(ERR\s{0,3}=\s{0,3}(\d{1,6})\)/i.exec(text)?.[1]]),
    concerns: [],
  };
}
