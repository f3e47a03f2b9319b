/** Words that stand in version numbers of many products. */
const VERSION_WORDS = new Set(
  `ubuntu debian deb build beta alpha release patch update hotfix esxi windows server standard enterprise lts sp cu rev
  version maintenance feature svn stable general redhat centos freebsd openbsd el fc`.split(/\s+/),
);
/** "03-1234-5678", "(077) 555 1234". */
const TELEPHONE = /^\(?0\d{1,4}[-. )(]+\d{1,4}[-. )(]+\d{3,4}$/;
const SHAPE = /^[vVrR]?\d[\dA-Za-z.()+~_ -]{0,47}$/;

/**
 * The version when it can be nothing but a version: digits, points, and letters that stand in many of them. A name behind a number
 * ("8.1.4-yamada"), an address, a telephone number or a digest is none.
 */
export function plainVersion(text: string): string | undefined {
  if (!SHAPE.test(text) || isAddressLike(text) || TELEPHONE.test(text) || /\d{9,}/.test(text))
    return undefined;
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.every((word) => word.length <= 2 || VERSION_WORDS.has(word)) ? text : undefined;
}

/**
 * Four numbers of a byte each with one sign between them. Versions have the same form ("15.4.2.126"): they begin low, and no private
 * network begins as they do. "12.1-50.28" and "9.8(4)20" are no address.
 */
function isAddressLike(text: string): boolean {
  const [, first = '', , ...others] = /^v?(\d+)([^\dA-Za-z])(\d+)\2(\d+)\2(\d+)$/i.exec(text) ?? [];
  if (first === '' || [first, ...others].some((part) => Number(part) > 255)) return false;
  return Number(first) > HIGHEST_MAJOR || first === '10' || first === '0';
}
const HIGHEST_MAJOR = 35;
