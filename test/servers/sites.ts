/**
 * Pages of the web servers of the tests and the demo.
 *
 * The appliance fronts are EMULATED: a few answers written from publicly known facts (paths, header names, cookie
 * names, certificate subjects). Nothing of a vendor is copied. They show that a rule is not broken, never that it fits the
 * real product.
 */
import encoding from 'encoding-japanese';
import { redirectTo, type Page, type Site } from './web.ts';

export const EMULATED = 'EMULATED FOR TESTS - not the real product';

/** FortiGate SSL-VPN portal: script redirect on the front page, cookies emptied by the log-in page (openfortivpn issue 409). */
export function fortigateSslVpn(): Site {
  const server = { Server: 'xxxxxxxx-xxxxx' };
  const login = page(
    'Please Login',
    '<script src="/remote/fgt_lang?lang=en"></script>' + form('/remote/logincheck', 'credential'),
    {
      ...server,
      'Set-Cookie': [
        'SVPNCOOKIE=; path=/; expires=Sun, 11 Mar 1984 12:00:00 GMT; secure; httponly',
        'SVPNNETWORKCOOKIE=; path=/remote/network; expires=Sun, 11 Mar 1984 12:00:00 GMT; secure; httponly',
      ],
    },
  );
  return {
    pages: {
      '/': {
        status: 200,
        headers: { ...server, 'Content-Type': 'text/html' },
        body: '<html><head><script>top.location="/remote/login";</script></head></html>\n',
      },
      '/remote/login': login,
      '/remote/fgt_lang': {
        status: 200,
        headers: { ...server, 'Content-Type': 'application/x-javascript' },
        body: 'fgt_lang = {};',
      },
      '/remote/info': {
        status: 200,
        headers: { ...server, 'Content-Type': 'text/xml' },
        body: "<?xml version='1.0' encoding='utf-8'?><info><api encmethod='0' salt='00000000' remoteauthtimeout='30' /></info>",
      },
    },
  };
}

/** Ivanti Connect Secure: redirect to /dana-na/ and the version file of the Windows client. */
export function ivantiConnectSecure(version: string): Site {
  return {
    pages: {
      '/': {
        ...redirectTo('/dana-na/auth/url_default/welcome.cgi'),
        headers: {
          Location: '/dana-na/auth/url_default/welcome.cgi',
          'Set-Cookie': ['DSSignInURL=/; path=/; secure'],
        },
      },
      '/dana-na/auth/url_default/welcome.cgi': page(
        'Ivanti Connect Secure',
        '<link rel="stylesheet" href="/dana-na/css/ds.css">' + form('login.cgi', 'password'),
      ),
      '/dana-na/nc/nc_gina_ver.txt': {
        status: 200,
        headers: { 'Content-Type': 'text/plain' },
        body: `<PARAM NAME="ProductVersion" VALUE="${version}">`,
      },
    },
  };
}

/** Exchange: Outlook on the web with its build in a header (wappalyzer issue 5329) and in the path of its pictures. */
export function exchangeOwa(build: string): Site {
  const iis = {
    Server: 'Microsoft-IIS/10.0',
    'X-Powered-By': 'ASP.NET',
    'X-FEServer': 'KS-EX01',
    'X-OWA-Version': build,
    'request-id': '11111111-2222-3333-4444-555555555555',
  };
  const folder = build.split('.').slice(0, 3).join('.');
  const logon = '/owa/auth/logon.aspx?url=https%3a%2f%2fmail.kakuu.example%2fowa%2f&reason=0';
  const moved = (location: string): Page => ({
    status: 302,
    headers: { ...iis, Location: location },
    body: '',
  });
  return {
    pages: {
      '/': moved('/owa/'),
      '/owa/': moved(logon),
      '/owa/auth/logon.aspx': page(
        'Outlook',
        `<link rel="shortcut icon" href="/owa/auth/${folder}/themes/resources/favicon.ico">` +
          form('/owa/auth.owa', 'password'),
        iis,
      ),
      '/ecp/': moved('/owa/auth/logon.aspx?url=https%3a%2f%2fmail.kakuu.example%2fecp%2f'),
      '/EWS/Exchange.asmx': {
        status: 401,
        headers: { ...iis, 'WWW-Authenticate': ['Negotiate', 'NTLM'] },
        body: '',
      },
    },
  };
}

/** An ordinary company web site, its pages in Shift_JIS as many Japanese ones still are. Must never become a finding. */
export function companySite(server = 'Apache'): Site {
  const text =
    '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">' +
    '<title>架空精機株式会社｜精密部品の設計・製造</title></head><body><h1>架空精機株式会社</h1>' +
    '<p>工作機械用精密部品を設計・製造しています。テレワークにはＶＰＮを利用しています。</p></body></html>';
  const body = Buffer.from(encoding.convert(encoding.stringToCode(text), { to: 'SJIS', from: 'UNICODE' }));
  return { pages: { '/': { status: 200, headers: { Server: server, 'Content-Type': 'text/html' }, body } } };
}

/** The administration page of a network camera. */
export function cameraSite(): Site {
  return {
    pages: {
      '/': {
        status: 401,
        headers: {
          Server: 'Boa/0.94.13',
          'WWW-Authenticate': 'Basic realm="Network Camera"',
          'Content-Type': 'text/html',
        },
        body: '<html><head><title>401 Unauthorized</title></head></html>',
      },
    },
  };
}

function form(action: string, password: string): string {
  return `<form method="post" action="${action}"><input name="username"><input type="password" name="${password}"></form>`;
}

function page(title: string, body: string, headers: Page['headers'] = {}): Page {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers },
    body: `<!DOCTYPE html><!-- ${EMULATED} --><html><head><title>${title}</title></head><body>${body}</body></html>`,
  };
}
