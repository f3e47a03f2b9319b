import { decodeEntities } from '../../../../lib/html-entities.ts';

/** Pages up to this size are looked through for a redirect that the browser would make. */
const SMALL_PAGE = 4 * 1024;
/** Part of a page in which the link to the icon is looked for. */
const HEAD_CHARACTERS = 64 * 1024;

/**
 * Where a small page sends the browser: `<meta http-equiv=refresh>` or a script that sets `location`. Appliances answer
 * "/" with such pages instead of a 302.
 */
export function pageRedirect(html: string): string | undefined {
  if (html.length >= SMALL_PAGE) return undefined;
  return metaRefresh(html) ?? scriptRedirect(html);
}

function metaRefresh(html: string): string | undefined {
  for (const tag of tags(html, 'meta')) {
    if (attribute(tag, 'http-equiv')?.toLowerCase() !== 'refresh') continue;
    const target = refreshTarget(attribute(tag, 'content') ?? '');
    if (target !== undefined) return target;
  }
  return undefined;
}

/** Value of `Refresh: 0; url=/login` and of its meta form. undefined when it only reloads, or waits over half a minute. */
export function refreshTarget(value: string): string | undefined {
  const match = /^\s{0,9}(\d{0,5})[\d.]{0,9}\s{0,9}[;,]\s{0,9}(?:url\s{0,9}=\s{0,9})?(\S.{0,2000})$/is.exec(
    value.slice(0, 2100),
  );
  const target = match?.[2]?.trim().replace(/^["']|["']$/g, '');
  return target === undefined || target === '' || Number(match?.[1]) > 30 ? undefined : target;
}

/** `location = "…"`, `top.location.href='…'`, `window.location.replace("…")`; a text constant only, nothing is run. */
function scriptRedirect(html: string): string | undefined {
  const assigned =
    /(?:^|[^\w$])location(?:\.href)?\s{0,9}=\s{0,9}(?:"([^"<>]{1,1000})"|'([^'<>]{1,1000})')\s{0,9}(?=[;}\r\n<)]|$)/i.exec(
      html,
    );
  const called =
    /(?:^|[^\w$])location\.(?:replace|assign)\s{0,9}\(\s{0,9}(?:"([^"<>]{1,1000})"|'([^'<>]{1,1000})')\s{0,9}\)/i.exec(
      html,
    );
  const target = assigned?.[1] ?? assigned?.[2] ?? called?.[1] ?? called?.[2];
  return target?.trim();
}

/** href of `<link rel="icon">` or `rel="shortcut icon"`. */
export function iconLink(html: string): string | undefined {
  for (const tag of tags(html.slice(0, HEAD_CHARACTERS), 'link')) {
    const relations = attribute(tag, 'rel')?.toLowerCase().split(/\s+/) ?? [];
    const href = attribute(tag, 'href')?.trim();
    if (relations.includes('icon') && href !== undefined && href !== '') return href;
  }
  return undefined;
}

/** Inside of the tags of one name, at most 200 of them and 2000 characters each. */
function* tags(html: string, name: string): Generator<string> {
  const start = new RegExp(`<${name}(?=[\\s/])`, 'gi');
  let count = 0;
  for (let match = start.exec(html); match !== null && count < 200; match = start.exec(html)) {
    const from = match.index + match[0].length;
    const end = html.slice(from, from + 2000).indexOf('>');
    if (end !== -1) yield html.slice(from, from + end);
    count += 1;
  }
}

function attribute(tag: string, name: string): string | undefined {
  const pattern = new RegExp(
    `(?:^|[\\s"'/])${name}\\s{0,9}=\\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`,
    'i',
  );
  const match = pattern.exec(tag);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value === undefined ? undefined : decodeEntities(value);
}

/** Does a 200 say in its title or first words that there is nothing? Then the server is no catch-all. */
export function looksLikeErrorPage(title: string | undefined, body: string): boolean {
  const start = `${title ?? ''} ${body.slice(0, 2000).replace(/<[^>]{0,500}>/g, ' ')}`;
  return /\b(?:404|not found|no such|does not exist|doesn't exist|invalid (?:url|path|request)|bad request|forbidden|access denied)\b|見つかりません|存在しません|不正な(?:要求|リクエスト)|アクセスできません/i.test(
    start,
  );
}

export function looksLikeHtml(contentType: string, body: string): boolean {
  return (
    /html/i.test(contentType) || /^\s{0,999}<(?:!doctype|html|head|body|title|script|meta|!--)/i.test(body)
  );
}
