import type { HttpFacts, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { headerValue } from '../../tcp/http/lenient.ts';
import { parseGreeting, type Greeting } from './packets.ts';

/**
 * SoftEther VPN, client protocol inside TLS (SoftEtherVPN src/Cedar/Protocol.c): the request with which every client begins
 * and which carries nothing, and the server's greeting with release and build. The log-in that a client would send next is
 * not sent. Measured on softether-vpnserver 5.01.9674.
 *
 * Asked beside web servers with SoftEther's own Keep-Alive header, or one of its pages. Version is "5.01.9674".
 * NAT-T (UDP 5004 of a server in the maker's own network) is not asked: the server only listens there for that one peer.
 */
export const softEtherQuestion: TcpQuestion = {
  protocol: 'softether',
  ports: [],
  tlsPorts: [5555],
  elsewhere: 'never',
  besideWeb: isLikely,
  read(received) {
    const greeting = parseGreeting(received);
    return greeting === undefined || greeting === 'more' ? undefined : factsOf(greeting);
  },
  async ask(line) {
    if (!line.isTls) return undefined;
    const greeting = await line.exchange(beginningFor(line), parseGreeting);
    return greeting === undefined ? undefined : factsOf(greeting);
  },
};

function beginningFor({ hostNames: [name], address }: TcpLine): Buffer {
  const host = name ?? (address.includes(':') ? `[${address}]` : address);
  const lines = [
    'POST /vpnsvc/connect.cgi HTTP/1.1',
    `Host: ${host}`,
    'Content-Type: image/jpeg',
    'Connection: Keep-Alive',
    'Content-Length: 10',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\nVPNCONNECT`, 'latin1');
}

function isLikely({ scheme, answers }: HttpFacts): boolean {
  if (scheme !== 'https') return false;
  return answers.some(
    ({ headers, title = '' }) =>
      headerValue(headers, 'keep-alive') === 'timeout=15; max=19' ||
      /^\s?(?:SoftEther|PacketiX) VPN/.test(title),
  );
}

function factsOf({ name, version, build }: Greeting): ProtocolFacts {
  const release = `${Math.floor(version / 100)}.${String(version % 100).padStart(2, '0')}`;
  return {
    name: 'softether',
    access: 'unknown',
    product: name,
    version: `${release}.${build}`,
    fields: [['build', String(build)]],
    concerns: [],
  };
}
