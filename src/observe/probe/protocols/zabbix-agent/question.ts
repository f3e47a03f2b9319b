import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeItem, parseAnswer, type ZabbixAnswer } from './packets.ts';

/**
 * A Zabbix agent by its own version. It answers only addresses in its setting "Server"; to all others it closes without a
 * word. One that answers a stranger tells whatever it is asked for, and runs commands when they are allowed.
 *
 * Fields: `answer` (when it is no version).
 */
export const zabbixAgentQuestion: TcpQuestion = {
  protocol: 'zabbix',
  ports: [10_050],
  elsewhere: 'never',
  read(received) {
    const answer = parseAnswer(received);
    return answer === undefined || answer === 'more' ? undefined : factsOf(answer);
  },
  async ask(line) {
    const answer = await line.exchange(encodeItem(VERSION), parseAnswer);
    // What was said back word for word came from an echo.
    return answer === undefined || answer.text === VERSION ? undefined : factsOf(answer);
  },
};

const VERSION = 'agent.version';

function factsOf({ text }: ZabbixAnswer): ProtocolFacts {
  const version = /^\d{1,2}\.\d{1,2}\.\d{1,3}[\w.-]{0,16}$/.exec(text ?? '')?.[0];
  const isServed = version !== undefined;
  return {
    name: 'zabbix',
    access: isServed ? 'open' : 'unknown',
    product: isServed ? 'Zabbix agent' : 'Zabbix',
    ...(isServed ? { version } : {}),
    fields: fieldsOf(['answer', isServed ? undefined : text]),
    concerns: isServed ? ['data-shown'] : [],
  };
}
