import { describe, expect, it } from 'vitest';
import { rtspQuestion } from '../../../../src/observe/probe/protocols/rtsp/question.ts';
import { parseSelection } from '../../../../src/observe/probe/protocols/socks/packets.ts';
import { socksQuestion } from '../../../../src/observe/probe/protocols/socks/question.ts';
import { parseStream } from '../../../../src/observe/probe/protocols/xmpp/packets.ts';
import { xmppQuestion } from '../../../../src/observe/probe/protocols/xmpp/question.ts';
import { askTcp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS, text } from './mutated.ts';
import { drippingFirst, HOSTILE_PEERS, playing, tcpServer } from './tcp-server.ts';

/** gstreamer1.0-rtsp-server 1.22.0-2: OPTIONS, DESCRIBE of an open stream, DESCRIBE of one with Basic. */
const GST_OPTIONS = text(
  'RTSP/1.0 200 OK',
  'CSeq: 1',
  'Public: OPTIONS, DESCRIBE, ANNOUNCE, GET_PARAMETER, PAUSE, PLAY, RECORD, SETUP, SET_PARAMETER, TEARDOWN',
  'Server: GStreamer RTSP server',
  'Date: Sat, 21 Nov 2026 03:27:58 GMT',
  '',
  '',
);
const SDP = text(
  'v=0',
  'o=- 5267858471998611518 1 IN IP4 127.77.1.18',
  's=Session streamed with GStreamer',
  'i=rtsp-server',
  't=0 0',
  'a=tool:GStreamer',
  'a=control:*',
  'm=audio 0 RTP/AVP 8',
  'c=IN IP4 0.0.0.0',
  'a=rtpmap:8 PCMA/8000',
  'a=control:stream=0',
  '',
);
const GST_OPEN = Buffer.concat([
  text(
    'RTSP/1.0 200 OK',
    'CSeq: 2',
    'Content-Type: application/sdp',
    'Server: GStreamer RTSP server',
    `Content-Length: ${SDP.length}`,
    '',
    '',
  ),
  SDP,
]);
const GST_BASIC = text(
  'RTSP/1.0 401 Unauthorized',
  'CSeq: 2',
  'WWW-Authenticate: Basic realm="GStreamer RTSP Server"',
  'Server: GStreamer RTSP server',
  'Date: Sat, 21 Nov 2026 03:36:49 GMT',
  '',
  '',
);

/** prosody 0.12.3-1: a domain that it serves, one that it does not. */
const PROSODY = text(
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='e2d7c4f5-ca5b-4d63-aad5-d27662747819' xml:lang='en' from='localhost' version='1.0'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>",
);
const PROSODY_UNKNOWN = text(
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1e02f85f-3ff0-4666-b68c-ae7519a4f716' xml:lang='en' from='invalid' version='1.0'><stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>This server does not serve invalid</text></stream:error></stream:stream>",
);

describe('RTSP', () => {
  it('reads the description of an open stream', async () => {
    const server = await tcpServer(playing(GST_OPTIONS, GST_OPEN));
    expect(await askTcp(rtspQuestion, server.port)).toEqual({
      name: 'rtsp',
      access: 'open',
      product: 'GStreamer RTSP server',
      fields: [
        ['server', 'GStreamer RTSP server'],
        [
          'methods',
          'OPTIONS, DESCRIBE, ANNOUNCE, GET_PARAMETER, PAUSE, PLAY, RECORD, SETUP, SET_PARAMETER, TEARDOWN',
        ],
        ['status', '200'],
        ['session', 'Session streamed with GStreamer'],
        ['stream', 'audio PCMA'],
      ],
      concerns: ['data-shown', 'no-authentication-type'],
    });
    server.close();
  });

  it('reads what asks for a password, and in which way', async () => {
    const server = await tcpServer(playing(GST_OPTIONS, GST_BASIC));
    const facts = await askTcp(rtspQuestion, server.port);
    server.close();
    expect(facts).toMatchObject({ access: 'password', concerns: ['cleartext-password-offered'] });
    expect(facts?.fields).toContainEqual(['realm', 'GStreamer RTSP Server']);
  });

  it('asks a camera that closes after each answer once more', async () => {
    const server = await tcpServer((socket, count) => {
      socket.once('data', () => socket.end(count === 1 ? GST_OPTIONS : GST_BASIC));
    });
    expect((await askTcp(rtspQuestion, server.port))?.access).toBe('password');
    server.close();
  });

  it('does not take a lying length for an answer', async () => {
    const lying = text('RTSP/1.0 200 OK', 'CSeq: 1', 'Content-Length: 99999999999', '', '');
    const server = await tcpServer(playing(lying));
    expect(await askTcp(rtspQuestion, server.port, { answerTimeoutMs: 80 })).toBeUndefined();
    server.close();
  });

  it.each(HOSTILE_PEERS)('is not %s', async (_, play) => {
    const server = await tcpServer(play);
    expect(await askTcp(rtspQuestion, server.port, { answerTimeoutMs: 80 })).toBeUndefined();
    server.close();
  });

  it('is bounded whatever comes', () => {
    expectBounded(rtspQuestion, [GST_OPTIONS, GST_OPEN, GST_BASIC]);
    for (const other of OTHER_SERVERS) expect(rtspQuestion.read(other)).toBeUndefined();
  });
});

/** A server that selects the first of its own methods that is offered, as microsocks 1.0.3-2 and dante-server 1.4.2 do. */
function socksServer(...own: readonly number[]) {
  return tcpServer((socket) => {
    socket.once('data', (data) => {
      const offered = [...data.subarray(2)];
      const method = own.find((one) => offered.includes(one)) ?? 0xff;
      socket.write(Uint8Array.of(5, method));
    });
  });
}

describe('SOCKS', () => {
  it('lets strangers in', async () => {
    const server = await socksServer(0);
    expect(await askTcp(socksQuestion, server.port)).toEqual({
      name: 'socks',
      access: 'open',
      fields: [
        ['socks', '5'],
        ['method', 'none'],
      ],
      concerns: ['no-authentication-type'],
    });
    server.close();
  });

  it('asks for a password', async () => {
    const server = await socksServer(2);
    expect(await askTcp(socksQuestion, server.port)).toMatchObject({
      access: 'password',
      concerns: ['cleartext-password-offered'],
    });
    server.close();
  });

  it('takes none of our methods', async () => {
    const server = await socksServer(0x80);
    expect(await askTcp(socksQuestion, server.port)).toMatchObject({ access: 'turned-away', concerns: [] });
    server.close();
  });

  it('is no server that says 05 00 to everything, and no echo', async () => {
    const parrot = await tcpServer(playing(Uint8Array.of(5, 0), Uint8Array.of(5, 0)));
    expect(await askTcp(socksQuestion, parrot.port, { answerTimeoutMs: 80 })).toBeUndefined();
    parrot.close();
    for (const [, play] of HOSTILE_PEERS) {
      const server = await tcpServer(play);
      expect(await askTcp(socksQuestion, server.port, { answerTimeoutMs: 60 })).toBeUndefined();
      server.close();
    }
  });

  it('has an answer of two octets', () => {
    expect(parseSelection(hex(''))).toBe('more');
    expect(parseSelection(hex('05'))).toBe('more');
    expect(parseSelection(hex('0500'))).toBe(0);
    expect(parseSelection(hex('05ff'))).toBe('none-acceptable');
    for (const other of ['0400', '0544', '050000']) expect(parseSelection(hex(other))).toBeUndefined();
  });
});

describe('XMPP', () => {
  it('reads the features of prosody, one byte at a time', async () => {
    const server = await tcpServer(drippingFirst(PROSODY));
    expect(await askTcp(xmppQuestion, server.port, { answerTimeoutMs: 500 })).toEqual({
      name: 'xmpp',
      access: 'password',
      fields: [
        ['stream', 'client'],
        ['domain', 'localhost'],
        ['start-tls', 'offered'],
        ['mechanism', 'PLAIN'],
        ['mechanism', 'SCRAM-SHA-1'],
      ],
      concerns: ['cleartext-password-offered'],
    });
    server.close();
  });

  it('asks for the domain that the server names', async () => {
    const asked: string[] = [];
    const server = await tcpServer((socket) => {
      socket.once('data', (data) => {
        const to = /to='([^']*)'/.exec(data.toString())?.[1] ?? '';
        asked.push(to);
        const other = Buffer.from(PROSODY_UNKNOWN).toString().replace("from='invalid'", "from='example.jp'");
        socket.write(to === 'example.jp' ? PROSODY : Buffer.from(other));
      });
    });
    const facts = await askTcp(xmppQuestion, server.port, { answerTimeoutMs: 300 });
    server.close();
    expect(asked).toEqual(['localhost', 'example.jp']);
    expect(facts?.fields).toContainEqual(['mechanism', 'PLAIN']);
  });

  it('is named also when it serves another domain', async () => {
    const server = await tcpServer(playing(PROSODY_UNKNOWN));
    expect(await askTcp(xmppQuestion, server.port)).toMatchObject({
      access: 'unknown',
      fields: [
        ['stream', 'client'],
        ['domain', 'invalid'],
        ['error', 'host-unknown'],
      ],
    });
    server.close();
  });

  it('waits for the rest', () => {
    for (let length = 1; length < PROSODY.length - 20; length += 1)
      expect(parseStream(PROSODY.subarray(0, length))).toBe('more');
  });

  it('is bounded, and no other XML', () => {
    expectBounded(xmppQuestion, [PROSODY, PROSODY_UNKNOWN]);
    const soap = text("<?xml version='1.0'?><Envelope><Body/></Envelope>");
    for (const other of [...OTHER_SERVERS, soap]) expect(xmppQuestion.read(other)).toBeUndefined();
  });
});
