import { describe, expect, it } from 'vitest';
import { parseHead, productAndVersion } from '../../../../src/observe/probe/protocols/message-head.ts';
import { sipQuestion, sipTcpQuestion } from '../../../../src/observe/probe/protocols/sip/question.ts';
import { ssdpQuestion } from '../../../../src/observe/probe/protocols/ssdp/question.ts';
import { wsDiscoveryQuestion } from '../../../../src/observe/probe/protocols/ws-discovery/question.ts';
import { askTcp, askUdp } from './line.ts';
import { expectBounded, OTHER_SERVERS, text } from './mutated.ts';
import { drippingFirst, HOSTILE_PEERS, playing, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

/** kamailio 5.6.3-2, udp and tcp. */
const kamailio = (transport: string): Uint8Array =>
  text(
    'SIP/2.0 200 OK',
    `Via: SIP/2.0/${transport} invalid.invalid:5060;branch=z9hG4bK4a69;rport=33257;received=127.0.0.1`,
    'From: <sip:sekisho@invalid.invalid>;tag=4a69',
    'To: <sip:127.77.1.17>;tag=4dbbc66dab2dcb1aa423beaa9e367ad4.3fac2dbc',
    'Call-ID: 4a69@invalid.invalid',
    'CSeq: 1 OPTIONS',
    'Server: kamailio (5.6.3 (x86_64/linux))',
    'Content-Length: 0',
    '',
    '',
  );
/** miniupnpd 2.3.1-1. */
const MINIUPNPD = text(
  'HTTP/1.1 200 OK',
  'CACHE-CONTROL: max-age=120',
  'ST: upnp:rootdevice',
  'USN: uuid:00000000-0000-0000-0000-000000000001::upnp:rootdevice',
  'EXT:',
  'SERVER: Debian/6.18.44-fc-v669 UPnP/1.1 MiniUPnPd/2.3.1',
  'LOCATION: http://10.78.0.1:5000/rootDesc.xml',
  'OPT: "http://schemas.upnp.org/upnp/1/0/"; ns=01',
  '01-NLS: 1795231073',
  'BOOTID.UPNP.ORG: 1795231073',
  'CONFIGID.UPNP.ORG: 1337',
  '',
  '',
);
/** wsdd 2:0.7.0-2.1. */
const WSDD = text(
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:wsx="http://schemas.xmlsoap.org/ws/2004/09/mex" xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof" xmlns:pnpx="http://schemas.microsoft.com/windows/pnpx/2005/10" xmlns:pub="http://schemas.microsoft.com/windows/pub/2005/07"><soap:Header><wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action><wsa:MessageID>urn:uuid:1c3388bc-e55b-11f1-b841-76b382138b57</wsa:MessageID><wsa:RelatesTo>urn:uuid:5e915e91-0000-4000-8000-000000000088</wsa:RelatesTo><wsd:AppSequence InstanceId="1795231073" SequenceId="urn:uuid:1c338bb4-e55b-11f1-b841-76b382138b57" MessageNumber="1" /></soap:Header><soap:Body><wsd:ProbeMatches><wsd:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:e5e61fb5-d685-5b50-9ba7-acb6e6962ef3</wsa:Address></wsa:EndpointReference><wsd:Types>wsdp:Device pub:Computer</wsd:Types><wsd:MetadataVersion>1</wsd:MetadataVersion></wsd:ProbeMatch></wsd:ProbeMatches></soap:Body></soap:Envelope>',
);
/** In the form of ONVIF Core Specification §7.3. */
const CAMERA = text(
  '<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/Example%20Cam onvif://www.onvif.org/hardware/EX-100</d:Scopes><d:XAddrs>http://192.168.1.64/onvif/device_service http://[fe80::1]/onvif</d:XAddrs></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>',
);

describe('heads', () => {
  it('are read as they come', () => {
    const whole = kamailio('TCP');
    for (let length = 0; length < whole.length - 1; length += 1)
      expect(parseHead(whole.subarray(0, length), 'SIP/2.0 ')).toBe('more');
    expect(parseHead(whole, 'SIP/2.0 ')).toMatchObject({ startLine: 'SIP/2.0 200 OK' });
    expect(parseHead(text('SIP/2.0 200 OK', 'no header', '', ''), 'SIP/2.0 ')).toBeUndefined();
    expect(parseHead(Buffer.from(`SIP/2.0 ${'A'.repeat(9000)}`), 'SIP/2.0 ')).toBeUndefined();
  });

  it.each([
    ['kamailio (5.6.3 (x86_64/linux))', 'kamailio', '5.6.3'],
    ['Asterisk PBX 16.2.1~dfsg-1+deb10u2', 'Asterisk PBX', '16.2.1~dfsg-1+deb10u2'],
    ['FPBX-16.0.40(18.16.0)', 'FPBX', '16.0.40'],
    ['NEC SL2100/2.1', 'NEC SL2100', '2.1'],
    ["Coturn-4.6.1 'Gorst'", 'Coturn', '4.6.1'],
    ['Cisco-SIPGateway/IOS-15.2.4.M5', 'Cisco-SIPGateway/IOS-15.2.4.M5', undefined],
    ['3CXPhoneSystem', '3CXPhoneSystem', undefined],
    ['', undefined, undefined],
  ])('name %s', (server, product, version) => {
    expect(productAndVersion(server)).toEqual(
      Object.fromEntries(Object.entries({ product, version }).filter(([, value]) => value !== undefined)),
    );
  });
});

describe('SIP', () => {
  const expected = {
    name: 'sip',
    access: 'unknown',
    product: 'kamailio',
    version: '5.6.3',
    fields: [
      ['status', '200 OK'],
      ['server', 'kamailio (5.6.3 (x86_64/linux))'],
    ],
    concerns: [],
  };

  it('reads kamailio over UDP', async () => {
    const server = await udpServer((request) => [request, kamailio('UDP')]);
    expect(await askUdp(sipQuestion, server.port)).toEqual(expected);
    server.close();
    const request = Buffer.from(server.requests[0] ?? '').toString('latin1');
    expect(request).toMatch(/^OPTIONS sip:127\.0\.0\.1 SIP\/2\.0\r\n/);
    expect(request).toContain('\r\nMax-Forwards: 0\r\n');
  });

  it('reads it over TCP, one byte at a time', async () => {
    const server = await tcpServer(drippingFirst(kamailio('TCP')));
    expect(await askTcp(sipTcpQuestion, server.port)).toEqual(expected);
    server.close();
  });

  it.each([
    ['401 Unauthorized', 'password'],
    ['407 Proxy Authentication Required', 'password'],
    ['403 Forbidden', 'turned-away'],
    ['483 Too Many Hops', 'unknown'],
  ])('%s: %s', (status, access) => {
    const answer = text(
      `SIP/2.0 ${status}`,
      'v: SIP/2.0/UDP invalid.invalid:5060',
      'i: 4a69@invalid.invalid',
      'User-Agent: Asterisk PBX 16.2.1',
      'WWW-Authenticate: Digest algorithm=MD5, realm="asterisk", nonce="4f"',
      '',
      '',
    );
    const facts = sipQuestion.read(answer);
    expect(facts).toMatchObject({ access, product: 'Asterisk PBX', version: '16.2.1' });
    expect(facts?.fields).toContainEqual(['realm', 'asterisk']);
  });

  it('is not the answer to somebody else', async () => {
    const other = Buffer.from(kamailio('TCP')).toString('latin1').replace('4a69@', '4a70@');
    const server = await tcpServer(playing(Buffer.from(other, 'latin1')));
    expect(await askTcp(sipTcpQuestion, server.port)).toBeUndefined();
    server.close();
  });

  it.each(HOSTILE_PEERS)('is not %s, as behind the application gateway of a router', async (_, play) => {
    const server = await tcpServer(play);
    expect(await askTcp(sipTcpQuestion, server.port, { answerTimeoutMs: 80 })).toBeUndefined();
    server.close();
  });

  it('is bounded whatever comes', () => {
    expectBounded(sipQuestion, [kamailio('UDP')]);
    for (const other of OTHER_SERVERS) {
      expect(sipQuestion.read(other)).toBeUndefined();
      expect(sipTcpQuestion.read(other)).toBeUndefined();
    }
    expect(sipTcpQuestion.read(text('SIP/2.0 200 OK', '', ''))).toBeUndefined();
  });
});

describe('SSDP', () => {
  it('reads miniupnpd', async () => {
    const server = await udpServer(() => [MINIUPNPD]);
    expect(await askUdp(ssdpQuestion, server.port)).toEqual({
      name: 'ssdp',
      access: 'open',
      product: 'MiniUPnPd',
      version: '2.3.1',
      fields: [
        ['server', 'Debian/6.18.44-fc-v669 UPnP/1.1 MiniUPnPd/2.3.1'],
        ['location', 'http://10.78.0.1:5000/rootDesc.xml'],
        ['usn', 'uuid:00000000-0000-0000-0000-000000000001::upnp:rootdevice'],
        ['search-target', 'upnp:rootdevice'],
      ],
      concerns: ['data-shown'],
    });
    server.close();
    expect(Buffer.from(server.requests[0] ?? '').toString('latin1')).toContain('ST: upnp:rootdevice\r\n');
  });

  it('is bounded, and no web server', () => {
    expectBounded(ssdpQuestion, [MINIUPNPD]);
    const web = text('HTTP/1.1 200 OK', 'Server: nginx', 'ST: 1', '', '<html>');
    for (const other of [...OTHER_SERVERS, web]) expect(ssdpQuestion.read(other)).toBeUndefined();
  });
});

describe('WS-Discovery', () => {
  it('asks for anything, then for devices, with a new id each', async () => {
    const server = await udpServer((request) => (Buffer.from(request).includes('wsdp:Device') ? [WSDD] : []));
    const facts = await askUdp(wsDiscoveryQuestion, server.port, { answerTimeoutMs: 60 });
    server.close();
    expect(facts).toEqual({
      name: 'ws-discovery',
      access: 'open',
      fields: [
        ['types', 'wsdp:Device pub:Computer'],
        ['endpoint', 'urn:uuid:e5e61fb5-d685-5b50-9ba7-acb6e6962ef3'],
      ],
      concerns: ['data-shown'],
    });
    for (const { length } of server.requests) expect(length).toBeLessThanOrEqual(700);
  });

  it('reads what a camera tells of itself', () => {
    expect(wsDiscoveryQuestion.read(CAMERA)?.fields).toEqual([
      ['types', 'dn:NetworkVideoTransmitter'],
      ['address', 'http://192.168.1.64/onvif/device_service'],
      ['address', 'http://[fe80::1]/onvif'],
      ['onvif-name', 'Example Cam'],
      ['onvif-hardware', 'EX-100'],
    ]);
  });

  it('is bounded, and no other XML', () => {
    expectBounded(wsDiscoveryQuestion, [WSDD, CAMERA]);
    const soap = text('<?xml version="1.0"?><s:Envelope><s:Body><s:Fault/></s:Body></s:Envelope>');
    for (const other of [...OTHER_SERVERS, soap]) expect(wsDiscoveryQuestion.read(other)).toBeUndefined();
  });
});
