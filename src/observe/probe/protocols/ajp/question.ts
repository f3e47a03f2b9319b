import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { Reading, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeGet, encodePing, parseAnswer, parsePong, type AjpAnswer } from './packets.ts';

/**
 * AJP, the inner side of a Java web server: CPing, then GET / without a secret. A container that forwards a stranger's
 * request takes every statement of a web server on trust (CVE-2020-1938).
 *
 * Fields: `status` (of GET /), `title`, `server` (header), `secret` ("not required" when the request was served).
 */
export const ajpQuestion: TcpQuestion = {
  protocol: 'ajp',
  ports: [8009],
  elsewhere: 'ask',
  read: (received) =>
    parsePong(received) === true && received.length === 5 ? factsOf(undefined) : undefined,
  async ask(line) {
    if ((await line.exchange(encodePing(), parsePong)) === undefined) return undefined;
    let heard: AjpAnswer | undefined;
    await line.exchange(
      encodeGet(line.hostNames[0] ?? line.address, line.port),
      (received): Reading<AjpAnswer> => {
        const answer = parseAnswer(received);
        if (answer === undefined || answer === 'more') return answer;
        heard = answer;
        return answer.isComplete ? answer : 'more';
      },
    );
    return factsOf(heard);
  },
};

function factsOf(answer: AjpAnswer | undefined): ProtocolFacts {
  if (answer === undefined) return { name: 'ajp', access: 'unknown', fields: [], concerns: ['clear-text'] };
  const { status, headers, body } = answer;
  const title = /<title>([^<]{1,256})<\/title>/i.exec(body)?.[1]?.trim();
  const version = /Apache Tomcat\/(\d{1,3}(?:\.\d{1,3}){1,3})/.exec(body)?.[1];
  const server = headers.find(([name]) => /^server$/i.test(name))?.[1];
  return {
    name: 'ajp',
    access: accessOf(status),
    ...(version === undefined ? {} : { product: 'Apache Tomcat', version }),
    fields: fieldsOf(
      ['status', status],
      ['title', title],
      ['server', server],
      ['secret', accessOf(status) === 'open' ? 'not required' : undefined],
    ),
    concerns: ['clear-text'],
  };
}

/** 403 is what Tomcat answers without its secret, but also what an application may say. */
function accessOf(status: number): ProtocolFacts['access'] {
  if (status === 401) return 'password';
  if (status === 403) return 'turned-away';
  return status < 500 ? 'open' : 'unknown';
}
