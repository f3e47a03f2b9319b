import type { HttpFacts, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { headerValue } from '../../tcp/http/lenient.ts';
import { USER_AGENT } from '../../tcp/http/user-agent.ts';
import { parseClientGreeting, type ClientGreeting } from './packets.ts';

/**
 * Gateways for AnyConnect and OpenConnect clients (Cisco ASA and FTD, ocserv): the first message of every client, which asks
 * what there is to log in to and names nobody. It is answered with a form; the form is not sent back, so no log-in
 * begins and nothing is counted as a failed one.
 *
 * Version is the gateway's own: "9.16(4)" of an ASA, always "0.1(1)" of ocserv. Access: strong when a client certificate or
 * single sign-on is asked for, password when the form has fields to fill in, else unknown. ocserv with certificates only
 * answers an empty form to a plain page request and "401 No certificate" to this one (measured on ocserv 1.1.6).
 *
 * Fields: group (each choice shown), input (each field of the form), authentication (client-certificate ·
 * single-sign-on · password), refusal ("No certificate": ocserv only), banner.
 */
export const anyConnectQuestion: TcpQuestion = {
  protocol: 'anyconnect',
  ports: [],
  elsewhere: 'never',
  besideWeb: isLikely,
  read(received) {
    const greeting = parseClientGreeting(received);
    return greeting === undefined || greeting === 'more' ? undefined : factsOf(greeting);
  },
  async ask(line) {
    if (!line.isTls) return undefined;
    const greeting = await line.exchange(firstMessage(line), parseClientGreeting);
    return greeting === undefined ? undefined : factsOf(greeting);
  },
};

function firstMessage({ hostNames: [name], address, port }: TcpLine): Buffer {
  const literal = address.includes(':') ? `[${address}]` : address;
  const host = `${name ?? literal}${port === 443 ? '' : `:${port}`}`;
  const body = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<config-auth client="vpn" type="init" aggregate-auth-version="2">',
    '<version who="vpn">v9.12</version><device-id>linux-64</device-id>',
    '<capabilities><auth-method>single-sign-on-v2</auth-method></capabilities>',
    `<group-access>https://${host}</group-access></config-auth>`,
  ].join('');
  const lines = [
    'POST / HTTP/1.1',
    `Host: ${host}`,
    // An ASA serves its web pages to whoever does not call itself so.
    `User-Agent: AnyConnect-compatible ${USER_AGENT}`,
    'Accept: */*',
    'Accept-Encoding: identity',
    'X-Transcend-Version: 1',
    'X-Aggregate-Auth: 1',
    'Content-Type: application/xml; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function isLikely({ scheme, answers }: HttpFacts): boolean {
  if (scheme !== 'https') return false;
  return answers.some(({ headers, body, location = '' }) => {
    const cookies = headers.filter(([key]) => key.toLowerCase() === 'set-cookie').map(([, value]) => value);
    return (
      headerValue(headers, 'x-transcend-version') !== '' ||
      cookies.some((cookie) => cookie.startsWith('webvpn')) ||
      location.includes('/+CSCOE+/') ||
      body.slice(0, 4096).includes('<config-auth client="vpn"') ||
      body.slice(0, 16_384).includes('/+CSCO')
    );
  });
}

function accessOf({ certificateDemanded, singleSignOn, inputs }: ClientGreeting): ProtocolFacts['access'] {
  if (certificateDemanded || singleSignOn) return 'strong';
  return inputs.some((name) => /^(?:user|pass|secondary)/i.test(name)) ? 'password' : 'unknown';
}

function factsOf(greeting: ClientGreeting): ProtocolFacts {
  const { version, certificateDemanded, refusal, singleSignOn, groups, inputs, banner } = greeting;
  const access = accessOf(greeting);
  const fields: [string, string][] = [
    ...(certificateDemanded ? [['authentication', 'client-certificate'] as [string, string]] : []),
    ...(refusal === undefined ? [] : [['refusal', refusal] as [string, string]]),
    ...(singleSignOn ? [['authentication', 'single-sign-on'] as [string, string]] : []),
    ...(access === 'password' ? [['authentication', 'password'] as [string, string]] : []),
    ...groups.map((group): [string, string] => ['group', group]),
    ...inputs.map((input): [string, string] => ['input', input]),
    ...(banner === undefined ? [] : [['banner', banner] as [string, string]]),
  ];
  return {
    name: 'anyconnect',
    access,
    ...(version === undefined ? {} : { version }),
    fields: fields.slice(0, 32),
    concerns: [],
  };
}
