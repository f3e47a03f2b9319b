/** What a web server shows that makes a web shell likely, or its page another one than before: shapes for facts and services. */
import { z } from 'zod';
import { Texts } from './texts.ts';

/** Answer to `OPTIONS /`. What a server offers it may still refuse: nothing was tried. */
export const HttpMethods = z.object({
  status: z.number(),
  /** Methods named by `Allow` and `Public`, upper case, in the order in which they came. */
  allow: z.array(z.string()),
  /** Compliance classes and extensions named by `DAV` (RFC 4918 §10.1). */
  dav: z.array(z.string()),
});
export type HttpMethods = z.infer<typeof HttpMethods>;

/** A published account of a campaign. */
const IndicatorSource = z.object({
  publisher: z.string(),
  url: z.string(),
  /** ISO date of publication. */
  date: z.string(),
});

/**
 * A path that public reports name for a campaign, and that answers unlike made-up neighbours in the same folder with the
 * same ending. That is all that was seen: what stands there must be looked at on the device.
 */
export const IndicatorAnswer = z.object({
  id: z.string(),
  method: z.enum(['GET', 'HEAD']),
  path: z.string(),
  status: z.number(),
  bodyBytes: z.number(),
  /** The made-up neighbour. */
  control: z.object({ path: z.string(), status: z.number(), bodyBytes: z.number() }),
  /** Name of the campaign or weakness, in both languages. */
  campaign: Texts,
  /** What the path is, and why an answer is no proof, in both languages. */
  about: Texts,
  source: IndicatorSource,
});
export type IndicatorAnswer = z.infer<typeof IndicatorAnswer>;

/** The opt-in look at indicator paths. Absent from the facts: not switched on. */
export const IndicatorCheck = z.object({
  /** Paths that were asked for; those of other products are not. */
  asked: z.number(),
  /**
   * Why paths were left out. catch-all: the server answers every path with a page, so that most prove nothing ·
   * unstable: two made-up paths were answered unlike each other · no-room: the time or the number of requests was used up.
   */
  skipped: z.array(z.enum(['catch-all', 'unstable', 'no-room'])),
  answers: z.array(IndicatorAnswer),
});
export type IndicatorCheck = z.infer<typeof IndicatorCheck>;

/**
 * Facts of a web server that make a web shell more likely, most telling first: message ids of the report.
 *
 * - indicator-path: a path of a known campaign answers unlike its neighbours (opt-in check)
 * - file-manager: a page for changing files stands open, or its log-in does
 * - upload-form: a page that strangers get has a field for files
 * - put-offered: `OPTIONS /` names PUT
 * - webdav-offered: `OPTIONS /` names WebDAV (a `DAV` header, or PROPFIND)
 * - delete-offered: `OPTIONS /` names DELETE or MOVE, outside of WebDAV
 * - status-page-open: a page that lists what the server is doing, or how it is set up
 * - directory-listing: the server lists the files of a folder
 * - management-page: a log-in page, or a page behind one, for managing the server or an application
 * - script-engine: the server runs scripts (PHP, ASP.NET, JSP …): a file put there would be run
 */
export const WEB_RISKS = [
  'indicator-path',
  'file-manager',
  'upload-form',
  'put-offered',
  'webdav-offered',
  'delete-offered',
  'status-page-open',
  'directory-listing',
  'management-page',
  'script-engine',
] as const;
export type WebRiskName = (typeof WEB_RISKS)[number];

/** `seen`: what says so, in the server's own words: a header, a path, a product id. Hostile text, at most 160 characters. */
export const WebRisk = z.object({ risk: z.enum(WEB_RISKS), seen: z.string() });
export type WebRisk = z.infer<typeof WebRisk>;

/** The page that a visitor of "/" gets, as far as the next run compares it. */
export const WebPage = z.object({
  path: z.string(),
  status: z.number(),
  title: z.string().optional(),
  bodySha256: z.string(),
  /** SHA-256 of the page without what changes with each visit (tokens, times, nonces). */
  stableSha256: z.string(),
  /** The body was longer than what is kept: hashes and lists are about its beginning. */
  truncated: z.boolean(),
  /** Origins that are not the page's own, sorted, each once: "https://cdn.example". "data:" and "inline" are no origins. */
  scripts: z.array(z.string()),
  frames: z.array(z.string()),
  forms: z.array(z.string()),
  /** Where `<meta http-equiv=refresh>` leads. */
  refresh: z.array(z.string()),
  links: z.array(z.string()),
});
export type WebPage = z.infer<typeof WebPage>;

const Id = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
const Path = z.string().regex(/^\/[!-~]{1,200}$/, 'a path begins with "/" and has no spaces');
const IsoDate = z.string().regex(/^20\d\d-[01]\d-[0-3]\d$/);

/** `config/web-shell-paths.yaml`. Every path is one that the source itself names. */
export const IndicatorFile = z.strictObject({
  version: z.string(),
  campaigns: z
    .array(
      z.strictObject({
        id: Id,
        name: Texts,
        cves: z.array(z.string().regex(/^CVE-\d{4}-\d{4,}$/)),
        /** Ids of product files: the paths are asked only where a fact of one of them holds. `any`: of every web server. */
        products: z.union([z.literal('any'), z.array(Id).min(1)]),
        /** Was the path read in the source when the entry was written, or written from memory of it? */
        basis: z.enum(['read', 'remembered']),
        source: z.strictObject({
          publisher: z.string().min(1),
          url: z.url({ protocol: /^https$/ }),
          date: IsoDate,
        }),
        /** What the attackers put there, what an answer shows and what it does not. */
        about: Texts,
        /** HEAD: the page itself would give away secrets, or is large. */
        method: z.enum(['GET', 'HEAD']).default('GET'),
        /** Answers with any other status mean nothing. */
        statuses: z.array(z.number().int()).min(1).default([200, 204, 206, 405, 500]),
        /** Text that the answer must hold. */
        contains: z.string().min(4).optional(),
        paths: z.array(Path).min(1),
      }),
    )
    .min(1),
  /** Campaigns whose traces cannot be asked for without harm or without guessing, for readers of the file. */
  'not-asked': z.array(z.strictObject({ name: z.string(), why: z.string() })),
});
export type IndicatorFile = z.infer<typeof IndicatorFile>;

/** One path to ask for. */
export interface IndicatorPath {
  /** Campaign and path: "toolshell-2025 /_layouts/15/spinstall0.aspx". */
  readonly id: string;
  readonly path: string;
  readonly method: 'GET' | 'HEAD';
  readonly statuses: readonly number[];
  readonly contains: string | undefined;
  /** Empty: any. */
  readonly products: readonly string[];
  readonly campaign: Texts;
  readonly about: Texts;
  readonly source: z.infer<typeof IndicatorSource>;
}
