/** Which server's own form a list of files has. Strict: a page that is only called "Index of" is none. */

/** The head of a list, up to its first row; Caddy's begins with 14 kB of icons. */
const HEAD = 20 * 1024;

/**
 * Forms measured on Debian's nginx 1.22.1, apache2 2.4.71 (plain, HTMLTable and FancyIndexing), lighttpd 1.4.69, python3.11
 * `http.server`, tomcat10 10.1.60, jetty9 9.4.57, mini-httpd 1.30, micro-httpd, webfs 1.21,
 * h2o 2.2.5, ruby-webrick 1.8.1, python3-twisted 22.4.0, caddy 2.6.2 and rclone 1.60.1 (which has Caddy's); IIS as in its own pages ("[To Parent Directory]", "&lt;dir&gt;").
 * Each pattern is anchored on fixed text and looks a bounded way ahead.
 */
const FORMS: readonly (readonly [string, RegExp])[] = [
  ['nginx', /<h1>Index of \/[^<]{0,1024}<\/h1><hr><pre><a href="\.\.\/">\.\.\/<\/a>/],
  // Sorting links (FancyIndexing), or the bare list.
  [
    'apache',
    /<h1>Index of \/[^<]{0,1024}<\/h1>\s{0,9}(?:<ul><li><a href="|<(?:table|pre)[^>]{0,200}>[\s\S]{0,1500}\?C=N;O=[AD]")/i,
  ],
  [
    'lighttpd',
    /<h2>Index of \/[^<]{0,1024}<\/h2>\s{0,9}<div class="list">\s{0,9}<table summary="Directory Listing"/,
  ],
  ['python', /<(h[12])>Directory listing for \/[^<]{0,1024}<\/\1>\s{0,9}<hr>\s{0,9}<ul>/],
  // The words are in the visitor's language, the table is not.
  ['tomcat', /<hr[^>]{0,80}>\s{0,9}<table width="100%" cellspacing="0" cellpadding="5" align="center">/i],
  ['jetty', /<h1(?: class="title")?>Directory: \/[^<]{0,1024}<\/h1>\s{0,9}<table[\s>]/i],
  ['acme', /<h4>Index of \.?\/[^<]{0,1024}<\/h4>\s{0,9}<pre>\s{0,9}<a href="\.">/i],
  ['webfs', /<h1>listing: \s{0,9}<a href="\/">\/<\/a>/],
  ['h2o', /<H2>Index of \/[^<]{0,1024}<\/H2>\s{0,9}<UL>\s{0,9}<LI><A HREF="/],
  [
    'webrick',
    /<H1>Index of \/[^<]{0,1024}<\/H1>\s{0,9}<TABLE width="100%"><THEAD><TR>\s{0,9}<TH class="name"><A HREF="\?N=/,
  ],
  [
    'twisted',
    /<h1>Directory listing for \/[^<]{0,1024}<\/h1>\s{0,9}<table>\s{0,30}<thead>\s{0,30}<tr>\s{0,30}<th>Filename<\/th>/,
  ],
  ['caddy', /<div class="listing">\s{0,30}<table aria-describedby="summary">/],
  [
    'iis',
    /<h1>[^<]{1,255} - \/[^<]{0,1024}<\/h1><hr>\s{0,9}<pre>(?:<A HREF="[^"]{1,1024}">\[[^\]]{1,60}\]<\/A>|[^<]{0,60}(?:&lt;dir&gt;|\d) <A HREF=")/i,
  ],
];

/** "nginx", "apache", "lighttpd", "python", "tomcat", "jetty", "acme", "webfs", "h2o", "webrick", "twisted", "caddy" or "iis"; undefined when the page is no list of files. */
export function directoryListing(body: string): string | undefined {
  const head = body.slice(0, HEAD);
  if (!/index of|directory|<pre>|cellpadding|class="listing"/i.test(head)) return undefined;
  return FORMS.find(([, form]) => form.test(head))?.[0];
}
