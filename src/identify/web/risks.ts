import type { Facts, HttpAnswer } from '../../model/facts.ts';
import type { Product } from '../../model/product.ts';
import type { ServiceClass } from '../../model/service-class.ts';
import { WEB_RISKS, type HttpMethods, type WebRisk, type WebRiskName } from '../../model/web.ts';
import { readAnswers, type WebAnswer } from '../match/answers.ts';
import { scriptEngines } from './engines.ts';
import { directoryListing } from './listing.ts';

const MAX_SEEN = 160;
const MAX_OF_ONE = 8;

const MANAGEMENT: readonly ServiceClass[] = ['web-admin', 'appliance-admin'];
/** Programs for changing the files of a web site. */
const FILE_MANAGERS: readonly string[] = ['tiny-file-manager'];
const FILE_MANAGER_PAGE =
  /^(?:Tiny File Manager|File Manager|File Browser|elFinder|KCFinder|CKFinder|Roxy File ?man|eXtplorer|Responsive ?FileManager|PHP File Manager|FileRun|net2ftp)\b/i;

/** Paths of management pages. Known names only: "/admin" of an application of one's own is found by its log-in. */
const MANAGEMENT_PATH =
  /^\/(?:manager\/(?:html|status)|host-manager\/html|phpmyadmin\/?|phpMyAdmin\/?|pma\/?|adminer(?:\.php)?|wp-login\.php|wp-admin\/?|administrator\/?|admin\/?|admin\/login|typo3\/?|user\/login|console\/login\/LoginForm\.jsp|console\/?|jmx-console\/?|web-console\/?|solr\/?|jenkins\/?|webmin\/?|session_login\.cgi|actuator\/?|CFIDE\/administrator(?:\/.{0,40})?|ecp\/?|irj\/portal|nacos\/?|_layouts\/15\/settings\.aspx)$/;

const STATUS_PAGES: readonly (readonly [string, RegExp])[] = [
  ['Apache Status', /<title>Apache Status<\/title>[\s\S]{0,200}<h1>Apache Server Status for /],
  [
    'Apache Server Information',
    /<title>Server Information<\/title>[\s\S]{0,400}<h1[^>]{0,80}>Apache Server Information<\/h1>/,
  ],
  ['nginx stub_status', /^Active connections: \d{1,9} ?\r?\nserver accepts handled requests\r?\n/],
  ['phpinfo()', /<title>(?:PHP \d[\w.-]{0,30} - )?phpinfo\(\)<\/title>[\s\S]{0,4000}PHP Version \d/],
  ['lighttpd status', /<title>Status<\/title>[\s\S]{0,4000}<h1>Server-Status/],
];

/**
 * What makes a web shell likely at this place; undefined when it is no web server. Sorted as in `WEB_RISKS`.
 *
 * @param facts of one kind of source: own probes, else passive records.
 */
export function webRisksOf({ http }: Facts, product: Product | undefined): WebRisk[] | undefined {
  if (http === undefined) return undefined;
  const controls = http.answers.filter(({ control }) => control === true);
  // A server of plain text that says "ok" to every path is told by its answers alone.
  const catchAll = http.catchAll === true || controls.some(({ status }) => status === 200);
  const answers = readAnswers([{ id: '', facts: { http: { ...http, catchAll } } }]).web;
  const found: [WebRiskName, string][] = [
    ...(http.indicators?.answers ?? []).map(({ path }): [WebRiskName, string] => ['indicator-path', path]),
    ...offered(http.methods),
    ...pages(answers, controls),
    ...byProduct(product),
    ...[...scriptEngines(answers, http.host)].map(([engine, seen]): [WebRiskName, string] => [
      'script-engine',
      `${engine} (${seen})`,
    ]),
  ];
  return WEB_RISKS.flatMap((risk) => {
    const seen = new Set(found.filter(([name]) => name === risk).map(([, text]) => text.slice(0, MAX_SEEN)));
    return [...seen].slice(0, MAX_OF_ONE).map((text) => ({ risk, seen: text.toWellFormed() }));
  });
}

function offered(methods: HttpMethods | undefined): [WebRiskName, string][] {
  if (methods === undefined) return [];
  const { allow, dav } = methods;
  const found: [WebRiskName, string][] = [];
  const named = `Allow: ${allow.join(', ')}`;
  const isDav = dav.length > 0 || allow.includes('PROPFIND');
  if (allow.includes('PUT')) found.push(['put-offered', named]);
  if (isDav) found.push(['webdav-offered', dav.length > 0 ? `DAV: ${dav.join(', ')}` : named]);
  else if (allow.includes('DELETE') || allow.includes('MOVE')) found.push(['delete-offered', named]);
  return found;
}

function byProduct(product: Product | undefined): [WebRiskName, string][] {
  if (product === undefined) return [];
  if (FILE_MANAGERS.includes(product.id)) return [['file-manager', product.id]];
  return MANAGEMENT.includes(product.class) ? [['management-page', product.id]] : [];
}

function pages(answers: readonly WebAnswer[], controls: readonly HttpAnswer[]): [WebRiskName, string][] {
  return answers
    .filter(({ saidToAnything }) => !saidToAnything)
    .flatMap((answer): [WebRiskName, string][] => {
      const found: [WebRiskName, string][] = [];
      const { path, status, title, body } = answer;
      const bare = path.split(/[?#]/, 1)[0] ?? path;
      if (MANAGEMENT_PATH.test(bare) && isOwnAnswer(answer, controls)) found.push(['management-page', bare]);
      if (status !== 200) return found;
      const listing = directoryListing(body);
      if (listing !== undefined) found.push(['directory-listing', `${bare} (${listing})`]);
      const statusPage = STATUS_PAGES.find(([, form]) => form.test(body.slice(0, 8192)))?.[0];
      if (statusPage !== undefined) found.push(['status-page-open', `${bare} (${statusPage})`]);
      if (FILE_MANAGER_PAGE.test(title) || /\sid=["']elfinder["']/i.test(body))
        found.push(['file-manager', `${bare} (${title})`]);
      if (hasFileField(answer)) found.push(['upload-form', bare]);
      return found;
    });
}

/** A page or a question for a name, which a made-up path does not get as well. */
function isOwnAnswer({ status, title }: WebAnswer, controls: readonly HttpAnswer[]): boolean {
  if (status !== 200 && status !== 401) return false;
  return !controls.some(
    (control) => control.status === status && (status === 401 || (control.title ?? '') === title),
  );
}

/** `<input type="file">` in the page's own markup. */
function hasFileField({ body, ownBody }: WebAnswer): boolean {
  // Most pages have none, and cutting out what they quote costs more than looking.
  if (!/type=["']?file/i.test(body)) return false;
  return /<input\s(?:[^>]{0,500}\s)?type=["']?file["'\s>]/i.test(ownBody());
}
