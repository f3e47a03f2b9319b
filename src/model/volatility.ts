/** `config/volatility.yaml`: how fast traces vanish, who holds them, and what to carry to get at them. */
import { z } from 'zod';
import { ServiceClass } from './service-class.ts';
import { Texts } from './texts.ts';

/** Who holds records and must be there when they are taken: message ids of the report. */
const HOLDERS = ['admin', 'maintainer', 'line-provider', 'cloud'] as const;
const Holder = z.enum(HOLDERS);
export type Holder = z.infer<typeof Holder>;

const Id = z.string().regex(/^[a-z0-9-]+$/);

const Store = z.strictObject({
  id: Id,
  classes: z.array(ServiceClass).min(1),
  name: Texts,
  lasts: Texts,
  holder: Holder,
  present: z.array(Holder).min(1),
  sources: z
    .array(
      z.strictObject({
        publisher: z.string().min(1),
        title: z.string().min(1),
        url: z.url({ protocol: /^https$/ }),
        /** read: the page itself · secondary: somebody else's account of it · remembered */
        basis: z.enum(['read', 'secondary', 'remembered']),
      }),
    )
    .min(1),
});
export type TraceStore = z.infer<typeof Store>;

const Elsewhere = z.strictObject({
  id: Id,
  log: z.string(),
  'log-ja': z.string(),
  look: Texts,
  lasts: Texts,
  holder: Holder,
  /** Only where a site of this kind is concerned. Absent: always. */
  only: z.literal('cloud').optional(),
});

const Bring = z.strictObject({
  id: Id,
  what: Texts,
  use: Texts,
  /** Ids of the stores that it is for. Absent: always. */
  stores: z.array(Id).min(1).optional(),
});

export const Volatility = z.strictObject({
  version: z.string(),
  /** Most volatile first. */
  stores: z.array(Store).min(1),
  elsewhere: z.array(Elsewhere),
  bring: z.array(Bring),
});
export type Volatility = z.infer<typeof Volatility>;
