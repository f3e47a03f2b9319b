import type { HttpAnswer } from '../../../../model/facts.ts';
import type { HttpMethods } from '../../../../model/web.ts';

const MAX_NAMES = 32;

/**
 * What an answer to `OPTIONS` names in `Allow` (RFC 9110 §10.2.1), IIS's `Public` and `DAV` (RFC 4918 §10.1). Each may come
 * in several lines (Apache's mod_dav). undefined when it names nothing: many applications answer OPTIONS with a page.
 */
export function methodsOf({
  status,
  headers,
}: Pick<HttpAnswer, 'status' | 'headers'>): HttpMethods | undefined {
  const allow = listOf(headers, ['allow', 'public'], /^[a-z][a-z-]{1,31}$/i).map((name) =>
    name.toUpperCase(),
  );
  const dav = listOf(headers, ['dav'], /^[!-~]{1,80}$/);
  if (allow.length === 0 && dav.length === 0) return undefined;
  return { status, allow: [...new Set(allow)].slice(0, MAX_NAMES), dav: dav.slice(0, MAX_NAMES) };
}

function listOf(headers: HttpAnswer['headers'], names: readonly string[], form: RegExp): string[] {
  return headers
    .filter(([name]) => names.includes(name.toLowerCase()))
    .flatMap(([, value]) => value.slice(0, 2048).split(','))
    .map((part) => part.trim())
    .filter((part) => form.test(part));
}
