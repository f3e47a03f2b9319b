/** Answers of VPN gateways that stand beside a web server, as they came inside TLS. */

/** softether-vpnserver 5.01.9674+git20200806, POST /vpnsvc/connect.cgi. */
export const SOFTETHER_GREETING = Buffer.concat([
  Buffer.from(
    'HTTP/1.1 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 567\r\nContent-Type: application/octet-stream\r\nDate: Sat, 21 Nov 2026 03:37:25 GMT\r\nKeep-Alive: timeout=15; max=19\r\n\r\n',
    'latin1',
  ),
  Buffer.from(
    [
      'AAAABQAAAAZidWlsZAAAAAAAAAABAAAlygAAAAZoZWxsbwAAAAIAAAABAAAAPVNvZnRFdGhlciBWUE4gU2VydmVyIERldmVsb3BlciBFZGl0aW',
      '9uICg2NCBiaXQpIChPcGVuIFNvdXJjZSkAAAAHcmFuZG9tAAAAAQAAAAEAAAAU2xWHHgjNrZSt1m1gSC1IQqXXNxYAAAAIdmVyc2lvbgAAAAAA',
      'AAABAAAB9QAAAAhwZW5jb3JlAAAAAQAAAAEAAAF0e0OTcct2g3/zir2qbQq8ou3mIDPwvIb46fh8sG3wcDDTsvjI5hsld0TmXpGJAUWjvuODpA',
      'cm1jZaCjbhavj4EPiuphPxUAQSGk+OYQqUqsJBhbQYnu849Z5t592PbKDvFhlGpm41rstBlLWA5QwnrQ9UB6tEwfRRdXhg36DG4aEFcPEvFO5Z',
      'PAn7yOBUAoQA26GeQ4yavpdAIB9VexWlZRXx554+xEa3fQaC4ifZ1KxFmMGbrEnNRPLLgcg7zVecIJnVKz/EIXhy8zMQk5qyP1bOO/akS/KnAS',
      'j9XT+Pz7rjz8sus6ZNMB5r0i37XOlxVMVV9+xruuhhpfErgvfX6bmljfAz9176/kU9QrZ0q0MvB8uDkAHfwN5UffmD7+end0LlUywI9vxRNfxZ',
      'c+D1qfZo5ZjXUoAhek/wo5Z8LIOedgQGHYjQP6oQWkmq1r6WgeNJuUb6Bk6gd4qwTYk+ep55dZWZJbmpn3lvo7qPUCtBglP+',
    ].join(''),
    'base64',
  ),
]);

/** ocserv 1.1.6-3, log-in by password, two groups. */
export const OCSERV_FORM = Buffer.from(
  [
    'HTTP/1.1 200 OK\r',
    'Set-Cookie: webvpncontext=; expires=Thu, 01 Jan 1970 22:00:00 GMT; path=/; Secure; HttpOnly\r',
    'Content-Type: text/xml\r',
    'Content-Length: 441\r',
    'X-Transcend-Version: 1\r',
    '\r',
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<config-auth client="vpn" type="auth-request">',
    '<version who="sg">0.1(1)</version>',
    '<auth id="main">',
    '<message>Please enter your username.</message>',
    '<form method="post" action="/auth">',
    '<input type="text" name="username" label="Username:" />',
    '<select name="group_list" label="Group:">',
    '<option value="staff">Staff access</option>',
    '<option value="guests">guests</option>',
    '</select>',
    '</form></auth>',
    '</config-auth>',
  ].join('\n'),
  'latin1',
);

/** ocserv 1.1.6-3, log-in by certificate only. */
export const OCSERV_CERTIFICATE = Buffer.from(
  'HTTP/1.1 401 No certificate\r\nContent-Length: 0\r\n\r\n',
  'latin1',
);
